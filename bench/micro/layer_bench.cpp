// SPDX-License-Identifier: Apache-2.0
// What a layer costs after it is inflated: walking the tar, routing, writing and reading facts,
// merging, matching. The archive is made here: as many files as a mid-sized image has.
#include "base/archive/tar_walker.hpp"
#include "base/crypto/hasher.hpp"
#include "base/walk/entry_router.hpp"
#include "base/walk/layer_facts.hpp"
#include "oci/layer/layer_reader.hpp"
#include "oci/rootfs/merged_rootfs.hpp"
#include "tests/support/tar_builder.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace {

using namespace bulla;

constexpr int kFiles = 60'000;

std::string path_of(int number) {
    return "usr/lib/node_modules/package-" + std::to_string(number / 40) + "/lib/file-" +
           std::to_string(number % 40) + (number % 40 == 0 ? "/package.json" : ".js");
}

const std::string& archive_bytes() {
    static const std::string tar = [] {
        test::TarBuilder builder;
        for (int i = 0; i < kFiles; ++i) {
            builder.file(path_of(i), std::string(static_cast<std::size_t>(i % 1500), 'x'));
        }
        return builder.finish();
    }();
    return tar;
}

const walk::EntryRouter& router() {
    static const auto made = [] {
        std::vector<walk::PathPattern> patterns;
        for (const auto* const glob : {"**/lib/dpkg/status",
                                       "**/lib/dpkg/status.d/*",
                                       "**/node_modules/**/package.json",
                                       "**/*.dist-info/METADATA",
                                       "**/*.egg-info",
                                       "**/lib/apk/db/installed",
                                       "**/lib/dpkg/info/*.md5sums",
                                       "usr/share/doc/*/copyright",
                                       "{etc,usr/lib}/os-release"}) {
            patterns.push_back({glob, 1U << 20U});
        }
        return std::move(*walk::EntryRouter::compile({.patterns = patterns, .version = "bench"}));
    }();
    return made;
}

walk::LayerFacts read_archive() {
    const auto& tar = archive_bytes();
    auto file = std::move(*make_unlinked_file());
    if (!write_all(file.value(), tar) || lseek(file.value(), 0, SEEK_SET) != 0) {
        std::abort();
    }
    static const auto digest = crypto::digest(tar);
    NullProgressSink sink;
    const auto task = sink.begin({}, 0);
    return std::move(*oci::make_in_process_layer_reader()->read(
        {.blob = std::move(file), .blob_digest = digest, .blob_size = tar.size()},
        router(),
        *task));
}

class Counter final : public archive::TarVisitor {
  public:
    std::size_t names = 0;

    Result<archive::ContentWish> entry(const archive::TarEntry& entry) override {
        names += entry.name.size();
        return archive::ContentWish::skip;
    }

    Status content(ByteView) override { return ok(); }

    Status content_end() override { return ok(); }

    void note(std::string) override {}
};

void tar_walk(benchmark::State& state) {
    const auto& tar = archive_bytes();
    for (auto _ : state) {
        Counter counter;
        archive::TarWalker walker(counter);
        for (std::size_t at = 0; at < tar.size(); at += 512 * 1024) {
            if (!walker.feed(ByteView(tar).substr(at, 512 * 1024))) {
                state.SkipWithError("refused");
            }
        }
        benchmark::DoNotOptimize(counter.names);
    }
    state.SetItemsProcessed(state.iterations() * kFiles);
}

void route(benchmark::State& state) {
    std::vector<std::string> paths;
    for (int i = 0; i < kFiles; ++i) {
        paths.push_back(path_of(i));
    }
    for (auto _ : state) {
        for (const auto& path : paths) {
            benchmark::DoNotOptimize(router().route(path));
        }
    }
    state.SetItemsProcessed(state.iterations() * kFiles);
}

void parse_facts(benchmark::State& state) {
    const auto facts = read_archive();
    for (auto _ : state) {
        auto parsed = walk::LayerFacts::parse(Bytes(facts.bytes()), FileDescriptor());
        benchmark::DoNotOptimize(parsed);
    }
    state.SetItemsProcessed(state.iterations() * kFiles);
}

void merge(benchmark::State& state) {
    const auto facts = read_archive();
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<walk::LayerFacts> layers;
        layers.push_back(
            std::move(*walk::LayerFacts::parse(Bytes(facts.bytes()), FileDescriptor())));
        state.ResumeTiming();
        auto rootfs = oci::MergedRootfs::merge(std::move(layers), {"layer"});
        benchmark::DoNotOptimize(rootfs);
    }
    state.SetItemsProcessed(state.iterations() * kFiles);
}

void match(benchmark::State& state) {
    std::vector<walk::LayerFacts> layers;
    layers.push_back(read_archive());
    const auto rootfs = oci::MergedRootfs::merge(std::move(layers), {"layer"});
    const char* const glob =
        state.range(0) == 0 ? "**/node_modules/**/package.json" : "**/lib/dpkg/info/*.md5sums";
    for (auto _ : state) {
        std::size_t count = 0;
        rootfs->for_each_match(glob, [&](const FileEntry&) { ++count; });
        benchmark::DoNotOptimize(count);
    }
}

BENCHMARK(tar_walk)->Unit(benchmark::kMillisecond);
BENCHMARK(route)->Unit(benchmark::kMillisecond);
BENCHMARK(parse_facts)->Unit(benchmark::kMillisecond);
BENCHMARK(merge)->Unit(benchmark::kMillisecond);
BENCHMARK(match)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
