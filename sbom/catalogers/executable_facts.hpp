// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "sbom/catalogers/elf.hpp"

#include <string>

namespace bulla::sbom {

/// What an executable says of the modules it was built from; every text is empty if it says
/// nothing. The problems are sentences about data that the file claims to have.
struct ExecutableFacts {
    std::string architecture; ///< ElfFile::architecture
    std::string go_version;   ///< as recorded: "go1.22.3"
    Bytes go_modules;         ///< the lines `go version -m` shows; at most kGoBuildInfoBytes
    std::string go_problem;
    Bytes rust_crates; ///< the JSON of .dep-v0; at most kRustAuditBytes
    std::string rust_problem;

    bool is_empty() const {
        return go_version.empty() && go_problem.empty() && rust_crates.empty() &&
               rust_problem.empty();
    }
};

/// Reads Go's build information (from the section .go.buildinfo, else the first writable segment,
/// as debug/buildinfo of Go's library finds it) and the list that cargo-auditable puts into the
/// section .dep-v0. What is not an executable has no facts. Look at `source.missed()` afterwards.
ExecutableFacts read_executable(ByteSource& source);

/// A form of one's own, with a version in front; empty for empty facts.
Bytes encode_executable_facts(const ExecutableFacts& facts);

/// Malformed unless `encode_executable_facts` made it.
Result<ExecutableFacts> decode_executable_facts(ByteView bytes);

} // namespace bulla::sbom
