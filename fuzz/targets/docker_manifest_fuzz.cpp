// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_archive
// The documents of `docker save`: the first byte chooses which of them the rest is.
#include "base/walk/path.hpp"
#include "oci/archive/docker_manifest.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bulla;
    if (size == 0) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0]) {
    case 'r': {
        const auto repositories = oci::parse_docker_repositories(text);
        for (std::size_t i = 0; repositories && i < repositories->size(); ++i) {
            if (!oci::is_docker_id((*repositories)[i].id)) {
                __builtin_trap();
            }
        }
        return 0;
    }
    case 'l': {
        const auto layer = oci::parse_docker_layer(text);
        if (layer && !oci::is_docker_id(layer->id)) {
            __builtin_trap();
        }
        return 0;
    }
    default: {
        const auto images = oci::parse_docker_manifest(text);
        for (std::size_t i = 0; images && i < images->size(); ++i) {
            // Whatever is looked for in the archive is inside of it.
            if (!walk::is_normalised((*images)[i].config)) {
                __builtin_trap();
            }
        }
        return 0;
    }
    }
}
