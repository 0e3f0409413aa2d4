// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_store
#include "oci/store/credential_file.hpp"
#include "oci/store/credential_overview.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(bulla::oci::find_in_config(text, "registry.example", "team/app", "it"));
    static_cast<void>(bulla::oci::find_in_config(text, "docker.io", "library/app", "it"));
    static_cast<void>(bulla::oci::list_config(text, "it"));
    return 0;
}
