// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/catalogers/cataloger.hpp"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace bulla::sbom {

using CatalogerFactory = std::unique_ptr<const Cataloger> (*)();

/// All catalogers; the first names the distribution and runs before the others.
std::span<const CatalogerFactory> cataloger_factories();

/// What all catalogers together want of an image.
struct Wants {
    std::vector<walk::PathPattern> patterns;
    std::vector<walk::ScannerKind> scanners; ///< each once
    std::string version;                     ///< changes with any cataloger's version

    /// For EntryRouter::compile; views into this.
    walk::RouterSpec spec() const {
        return {.patterns = patterns, .version = version, .scanners = scanners};
    }
};

Wants all_wants();

struct CatalogOptions {
    unsigned jobs = 1; ///< catalogers, and files of one of them, that are read at a time
};

/// Runs all catalogers over a tree and merges what they find: one package per purl with all its
/// occurrences, dependencies, and which operating system package owns the evidence of which other.
/// The result does not depend on `jobs`.
Result<Sbom> catalog(const FileView& view, SbomSubject subject, const CatalogOptions& options = {});

std::unique_ptr<const Cataloger> make_os_release_cataloger();
std::unique_ptr<const Cataloger> make_apk_cataloger();
std::unique_ptr<const Cataloger> make_dpkg_cataloger();
std::unique_ptr<const Cataloger> make_go_binary_cataloger();
std::unique_ptr<const Cataloger> make_java_cataloger();
std::unique_ptr<const Cataloger> make_npm_cataloger();
std::unique_ptr<const Cataloger> make_python_cataloger();
std::unique_ptr<const Cataloger> make_rust_binary_cataloger();
std::unique_ptr<const Cataloger> make_rpm_cataloger();

} // namespace bulla::sbom
