// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_layer bulla_crypto
// Plain tar bytes through the whole layer job, fed as one blob that tells the truth about itself.
#include "base/core/progress.hpp"
#include "base/crypto/hasher.hpp"
#include "base/walk/path.hpp"
#include "oci/layer/layer_reader.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla;
    static const auto router = [] {
        const std::vector<walk::PathPattern> patterns{{"**/status", 4096}, {"a/*", 1 << 20}};
        return walk::EntryRouter::compile({.patterns = patterns, .version = "fuzz"});
    }();
    static const auto reader = oci::make_in_process_layer_reader();
    const ByteView bytes(reinterpret_cast<const char*>(data), size);
    FileDescriptor blob(memfd_create("fuzz", MFD_CLOEXEC));
    if (!write_all(blob.value(), bytes) || lseek(blob.value(), 0, SEEK_SET) != 0) {
        return 0;
    }
    NullProgressSink sink;
    const auto task = sink.begin({}, 0);
    auto facts = reader->read(
        {.blob = std::move(blob), .blob_digest = crypto::digest(bytes), .blob_size = size},
        *router,
        *task);
    if (facts) {
        facts->for_each([&](const walk::EntryFact& fact) {
            if (!fact.path.empty() && !walk::is_normalised(fact.path)) {
                std::abort();
            }
            if (fact.content_state == walk::ContentState::kept && !facts->read_content(fact)) {
                std::abort();
            }
        });
    } else if (facts.error().code == ErrorCode::internal) {
        std::abort();
    }
    return 0;
}
