// SPDX-License-Identifier: Apache-2.0
#include "cli/common/config_keys.hpp"

#include <algorithm>
#include <array>

namespace bulla::cli {

namespace {

constexpr std::array kKeys{
    // ---- how a run goes
    ConfigKey{"cache-dir", Settable::anywhere, PathRule::absolute},
    ConfigKey{"color", Settable::anywhere},
    ConfigKey{"jobs", Settable::anywhere},
    ConfigKey{"log-format", Settable::anywhere},
    ConfigKey{"no-cache", Settable::anywhere},
    ConfigKey{"progress", Settable::anywhere},
    ConfigKey{"quiet", Settable::anywhere},
    ConfigKey{"timeout", Settable::anywhere},
    ConfigKey{"verbose", Settable::anywhere},
    // ---- stricter than without
    ConfigKey{"offline", Settable::anywhere},
    ConfigKey{"strict", Settable::anywhere},
    // ---- what is read, trusted or written
    ConfigKey{"annotation", Settable::named_file},
    ConfigKey{"evidence-repository", Settable::named_file},
    ConfigKey{"key", Settable::named_file, PathRule::absolute},
    ConfigKey{"plain-http", Settable::named_file},
    ConfigKey{"platform", Settable::named_file},
    ConfigKey{"recursive", Settable::named_file},
    ConfigKey{"signature-format", Settable::named_file},
    ConfigKey{"type", Settable::named_file},
    // ---- what this one run is about
    ConfigKey{"bundle"},
    ConfigKey{"config"},
    ConfigKey{"filter"},
    ConfigKey{"force"},
    ConfigKey{"help"},
    ConfigKey{"output"},
    ConfigKey{"output-key-prefix"},
    ConfigKey{"password-stdin"},
    ConfigKey{"predicate"},
    ConfigKey{"raw"},
    ConfigKey{"username"},
    ConfigKey{"version"},
};

constexpr std::array<std::string_view, 5> kPrograms{
    "bulla", "bulla-oci", "bulla-sbom", "bulla-sign", "bulla-verify"};

} // namespace

std::span<const ConfigKey> config_keys() {
    return kKeys;
}

const ConfigKey* find_config_key(std::string_view name) {
    const auto* const found = std::ranges::find(kKeys, name, &ConfigKey::name);
    return found == kKeys.end() ? nullptr : found;
}

std::span<const std::string_view> config_programs() {
    return kPrograms;
}

} // namespace bulla::cli
