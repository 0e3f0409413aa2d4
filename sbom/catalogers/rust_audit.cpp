// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rust_audit.hpp"

#include "base/core/limits.hpp"
#include "base/json/json.hpp"
#include "sbom/catalogers/cataloger.hpp"

#include <optional>
#include <string>

namespace bulla::sbom {
namespace {

Error malformed(std::size_t index, std::string_view why) {
    return Error{ErrorCode::malformed,
                 "crate " + std::to_string(index) + " of a Rust program's list of crates " +
                     std::string(why)};
}

Result<RustCrate> parse_crate(json::Value value, std::size_t index, std::size_t count) {
    RustCrate crate;
    crate.name = field_text(value["name"].string_or(""));
    crate.version = field_text(value["version"].string_or(""));
    crate.source = field_text(value["source"].string_or(""));
    if (crate.name.empty() || crate.version.empty() || crate.source.empty()) {
        return malformed(index, "has no name, version or source");
    }
    crate.is_build = value["kind"].string_or("runtime") == "build";
    crate.is_root = value["root"].boolean().value_or(false);
    const auto dependencies = value["dependencies"].elements();
    crate.dependencies.reserve(dependencies.size());
    for (const json::Value& dependency : dependencies) {
        const auto at = dependency.integer();
        if (!at || *at < 0 || static_cast<std::uint64_t>(*at) >= count) {
            return malformed(index, "depends on one that is not in the list");
        }
        crate.dependencies.push_back(static_cast<std::uint32_t>(*at));
    }
    return crate;
}

} // namespace

Result<std::vector<RustCrate>> parse_rust_audit(ByteView json) {
    json::ParseOptions options;
    options.max_bytes = limits::kRustAuditBytes;
    options.max_values = limits::kRustAuditValues;
    options.what = "a Rust program's list of crates";
    BULLA_TRY_ASSIGN(const auto document, json::Document::parse(json, options));
    const json::Value packages = document.root()["packages"];
    if (!packages.is_array()) {
        return Error{ErrorCode::malformed,
                     "expected a Rust program's list of crates to have packages, found none"};
    }
    std::vector<RustCrate> crates;
    crates.reserve(packages.size());
    for (const json::Value& package : packages.elements()) {
        BULLA_TRY_ASSIGN(RustCrate crate, parse_crate(package, crates.size(), packages.size()));
        crates.push_back(std::move(crate));
    }
    return crates;
}

} // namespace bulla::sbom
