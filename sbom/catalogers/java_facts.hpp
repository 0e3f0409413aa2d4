// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sbom {

/// What the scanner of Java archives says about one file, for the cataloger. The names of a module
/// as Maven recorded it; every text may be empty, and is free of surrounding white space.
struct JavaModule {
    std::string folder; ///< the folder of its records: "META-INF/maven/org.example/app"
    std::string group;
    std::string artifact;
    std::string version;
    std::string description; ///< one line
    std::string url;
    std::vector<std::pair<std::string, std::string>> licenses; ///< name and URL
    bool has_properties = false; ///< pom.properties was there: what was built, not a template
};

/// One archive: the file itself, or one inside of another archive of the file.
struct JavaArchive {
    static constexpr std::uint32_t kNoParent = std::numeric_limits<std::uint32_t>::max();

    std::uint32_t parent = kNoParent; ///< index of the archive it lies in, smaller than its own
    std::string path;                 ///< as its parent's directory has it; empty for the file
    bool is_zip = true; ///< false: neither its first bytes nor its last ones are a zip's
    bool has_manifest = false;
    bool has_classes = false;
    /// The attributes that tell names, versions and licences, in the order of the manifest; the
    /// main section's, then what other sections have and it has not.
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<JavaModule> modules; ///< by folder

    /// The value of an attribute, its name without regard to case; empty if there is none.
    std::string_view attribute(std::string_view name) const;
};

/// A part that could not be read.
struct JavaProblem {
    std::uint32_t archive = 0; ///< index
    std::string path;          ///< in that archive; empty if all of it is meant
    std::string reason;
};

struct JavaFacts {
    std::vector<JavaArchive> archives; ///< the file itself first; never empty
    std::vector<JavaProblem> problems;
    std::uint64_t more_problems = 0; ///< beyond those listed
};

/// The facts as bytes: JSON, so that invalid UTF-8 becomes escapes on the way.
Bytes encode_java_facts(const JavaFacts& facts);

/// Checks and reads them. They come from a cache or another process: whatever does not hold (a
/// parent that comes later, too many archives, a wrong version) is malformed.
Result<JavaFacts> decode_java_facts(ByteView bytes);

/// Where an archive is, as people write it: "opt/app.jar!/BOOT-INF/lib/x.jar" for what is inside of
/// the file at `file`. The "!/" is that of the Java runtime's own URLs (java.net.JarURLConnection).
std::string place_of(const JavaFacts& facts, std::uint32_t archive, std::string_view file);

} // namespace bulla::sbom
