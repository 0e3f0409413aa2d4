// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bulla::sbom {

/// One crate of the list that cargo-auditable puts into a program.
struct RustCrate {
    std::string name;
    std::string version;
    std::string source; ///< "crates.io", "registry", "git", "local", or a text of a later version
    bool is_build = false; ///< needed while building only: build scripts, procedural macros
    bool is_root = false;  ///< the program itself
    std::vector<std::uint32_t> dependencies; ///< indexes into the list
};

/// Parses the JSON of a section .dep-v0 (cargo-auditable, "PARSING.md"), of at most
/// limits::kRustAuditBytes: an object whose "packages" are crates; members this does not know are
/// ignored. Malformed: a crate without name, version or source, an index beyond the list, a
/// repeated key.
Result<std::vector<RustCrate>> parse_rust_audit(ByteView json);

} // namespace bulla::sbom
