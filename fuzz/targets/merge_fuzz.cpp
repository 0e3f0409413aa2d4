// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_rootfs
// A few tiny layers written from the input, two bytes an entry and a few names: merged, and asked
// everything a MergedRootfs answers.
#include "oci/rootfs/merged_rootfs.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace bulla;

constexpr std::array<std::string_view, 16> kPaths{"a",
                                                  "b",
                                                  "a/b",
                                                  "a/c",
                                                  "b/a",
                                                  "a/b/c",
                                                  "b/a/c",
                                                  "a/b/c/d",
                                                  "c",
                                                  "c/a/b",
                                                  "../a",
                                                  "/b",
                                                  "../../c",
                                                  "/a/b/..",
                                                  ".",
                                                  "b/../../a"};
constexpr std::size_t kNormal = 10; ///< the first ones may be entries' paths

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::vector<walk::LayerFacts> layers;
    walk::LayerFactsWriter writer;
    const auto end_layer = [&] {
        auto finished = writer.finish({});
        auto facts = walk::LayerFacts::parse(std::move(finished->bytes), FileDescriptor());
        if (!facts) {
            std::abort();
        }
        layers.push_back(std::move(*facts));
        writer = walk::LayerFactsWriter();
    };
    for (std::size_t i = 0; i + 1 < size && layers.size() < 8; i += 2) {
        const auto kind = data[i] % 10U;
        if (kind == 9) {
            end_layer();
            continue;
        }
        walk::EntryFact fact;
        fact.kind = static_cast<walk::EntryKind>(kind);
        fact.path = kPaths[data[i + 1] % kNormal];
        const auto target = static_cast<std::size_t>(data[i + 1] / kNormal) % kPaths.size();
        if (fact.kind == walk::EntryKind::symlink) {
            fact.target = kPaths[target];
        } else if (fact.kind == walk::EntryKind::hard_link) {
            fact.target = kPaths[target % kNormal];
        }
        if (!writer.add(fact)) {
            std::abort();
        }
    }
    end_layer();
    std::vector<std::string> names(layers.size(), "layer");
    const auto rootfs = oci::MergedRootfs::merge(std::move(layers), std::move(names));
    if (!rootfs) {
        return 0;
    }
    for (const auto path : kPaths) {
        (void)rootfs->find(path);
    }
    std::string previous;
    rootfs->for_each_match("**/*", [&](const FileEntry& file) {
        const auto found = rootfs->find(file.path);
        if (file.path <= previous || !found || found->path != file.path) {
            std::abort();
        }
        previous = file.path;
    });
    const std::vector<walk::PathPattern> patterns{{"**/c", 10}};
    const auto router = walk::EntryRouter::compile({.patterns = patterns, .version = "fuzz"});
    (void)rootfs->missing_content(*router);
    return 0;
}
