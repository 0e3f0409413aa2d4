// SPDX-License-Identifier: Apache-2.0
// links: bulla_walk
// Serialised facts as a cache or a worker might send them: refused, or safe to read without checks.
#include "base/walk/layer_facts.hpp"
#include "base/walk/path.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla;
    const auto facts =
        walk::LayerFacts::parse(Bytes(reinterpret_cast<const char*>(data), size), FileDescriptor());
    if (!facts) {
        return 0;
    }
    std::size_t count = 0;
    facts->for_each([&](const walk::EntryFact& fact) {
        ++count;
        const bool root = fact.path.empty() && fact.kind == walk::EntryKind::opaque;
        if (!root && !walk::is_normalised(fact.path)) {
            std::abort();
        }
        if (fact.content_state == walk::ContentState::kept && !facts->read_content(fact)) {
            std::abort();
        }
    });
    facts->for_each_scan([&](const walk::ScanFact& scan) {
        if (scan.entry >= count || !facts->read_scan(scan)) {
            std::abort();
        }
    });
    if (count != facts->size() || facts->notes().size() > 64) {
        std::abort();
    }
    return 0;
}
