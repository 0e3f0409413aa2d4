// SPDX-License-Identifier: Apache-2.0
// links: bulla_oci_store
#include "oci/store/credential_edit.hpp"
#include "oci/store/credential_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

/// What was set is found, and after its removal it is not: a logout that leaves a login behind, or
/// a file that nobody can read any more, is worse than a refusal.
void set_and_remove(std::string_view text, std::string_view registry) {
    using namespace bulla::oci;
    const auto set = set_credential_entry(text, registry, EntryKind::with_secret, "me:pw", "it");
    const auto gone = remove_credential_entry(set ? *set : text, registry, "it");
    if (!set) {
        return;
    }
    if (!gone || !gone->found) {
        std::abort();
    }
    const auto found = find_in_config(*set, registry, "", "it");
    if (found && (!found->login || found->login->username != "me")) {
        std::abort();
    }
    const auto left = find_in_config(gone->json, registry, "", "it");
    if (left.has_value() != found.has_value() || (left && left->login)) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    set_and_remove(text, "registry.example");
    set_and_remove(text, "docker.io");
    return 0;
}
