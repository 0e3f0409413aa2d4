// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/file_view.hpp"
#include "base/walk/entry_scanner.hpp"
#include "sbom/catalogers/executable_facts.hpp"

#include <functional>

namespace bulla::sbom {

/// The scanner "executable": recognises ELF programs and shared libraries by their first bytes and
/// makes ExecutableFacts of those built by Go or by cargo-auditable. While streaming it keeps at
/// most some 2 MiB (PassingBytes); a file for which that was too little is spilled whole when it
/// comes again.
walk::ScannerKind executable_scanner();

/// Calls `visit` with what that scanner found out about each executable of the tree, as
/// FileView::for_each_scanned does. Facts that cannot be decoded go to `undecodable` instead, with
/// the reason; several catalogers read the same facts, and one of them has to say it.
Status
for_each_executable(const FileView& view,
                    const std::function<Status(const FileEntry&, const ExecutableFacts&)>& visit,
                    const std::function<void(const FileEntry&, const Error&)>& undecodable);

} // namespace bulla::sbom
