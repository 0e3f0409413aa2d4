// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/walk/entry_scanner.hpp"

namespace bulla::sbom {

/// The scanner "executable": recognises ELF programs and shared libraries by their first bytes and
/// makes ExecutableFacts of those built by Go or by cargo-auditable. While streaming it keeps at
/// most some 2 MiB (PassingBytes); a file for which that was too little is spilled whole when it
/// comes again.
walk::ScannerKind executable_scanner();

} // namespace bulla::sbom
