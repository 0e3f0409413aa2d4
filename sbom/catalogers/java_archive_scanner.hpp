// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/io/random_access.hpp"
#include "base/walk/entry_scanner.hpp"
#include "sbom/catalogers/java_facts.hpp"

namespace bulla::sbom {

/// The scanner of Java archives (jars and what is built like them), by the ending of the name in
/// any case, or by a first entry in META-INF whatever the name. Its facts are JavaFacts.
///
/// A zip is read from its end, which no passing look can do: the file is held, beyond a few MiB in
/// an unlinked temporary file, with either ScanEffort. Of the entries only manifests, Maven's
/// records and archives are inflated; an archive that is merely stored is read where it lies.
walk::ScannerKind java_archive_scanner();

/// Reads an archive and all archives in it. What is wrong with one of them becomes a JavaProblem;
/// an error is a failure of this machine.
Result<JavaFacts> scan_java_archive(const RandomAccess& source);

} // namespace bulla::sbom
