// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/progress.hpp"
#include "base/crypto/hasher.hpp"
#include "base/io/file.hpp"
#include "base/walk/entry_router.hpp"
#include "oci/layer/layer_reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/facts.hpp"

#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::test {

/// An unlinked file with that content, to be read from its start.
inline FileDescriptor file_with(std::string_view content) {
    auto file = value_of(make_unlinked_file());
    value_of(write_all(file.value(), content));
    REQUIRE(lseek(file.value(), 0, SEEK_SET) == 0);
    return file;
}

/// A job that tells the truth about the blob.
inline oci::LayerJob job_for(std::string_view blob) {
    return {.blob = file_with(blob), .blob_digest = crypto::digest(blob), .blob_size = blob.size()};
}

/// Reads a blob as a layer.
inline Result<walk::LayerFacts> read_layer(oci::LayerJob job, const walk::EntryRouter& router) {
    NullProgressSink sink;
    const auto task = sink.begin("layer", 0);
    return oci::make_in_process_layer_reader()->read(std::move(job), router, *task);
}

inline Result<walk::LayerFacts> read_layer(std::string_view blob, const walk::EntryRouter& router) {
    return read_layer(job_for(blob), router);
}

} // namespace bulla::test
