// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_identity.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <array>

namespace bulla::sbom {
namespace {

/// Group and artifact identifiers as Maven allows them ("POM Reference", "Maven Coordinates").
bool is_maven_id(std::string_view id) {
    return !id.empty() && text::is_alnum(id.front()) &&
           std::all_of(id.begin(), id.end(), [](char c) {
               return text::is_alnum(c) || c == '_' || c == '-' || c == '.';
           });
}

bool is_version(std::string_view version) {
    return !version.empty() && text::is_alnum(version.front()) &&
           std::any_of(version.begin(), version.end(), text::is_digit) &&
           std::all_of(version.begin(), version.end(), [](char c) {
               return text::is_alnum(c) ||
                      std::string_view("._-+~").find(c) != std::string_view::npos;
           });
}

/// A reversed domain name, as the groups that a manifest tells are.
bool is_domain_group(std::string_view group) {
    constexpr std::array<std::string_view, 24> kDomains{
        "ai", "app", "at", "be", "biz",  "ch", "cn", "com", "co", "de",  "dev", "edu",
        "eu", "fi",  "fr", "io", "info", "it", "me", "net", "nl", "org", "ru",  "uk"};
    const std::string_view first = group.substr(0, group.find('.'));
    return is_maven_id(group) && first.size() < group.size() &&
           std::find(kDomains.begin(), kDomains.end(), first) != kDomains.end();
}

/// The first blank-separated word, without OSGi's directives.
std::string_view first_word(std::string_view value) {
    return value.substr(0, value.find_first_of(" \t;,"));
}

/// What builds append to the name of a jar that holds everything it needs.
bool is_assembly(std::string_view suffix) {
    constexpr std::array<std::string_view, 8> kSuffixes{
        "all", "exec", "fat", "jar-with-dependencies", "run", "runner", "shaded", "uber"};
    return std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end();
}

/// How well a file name fits a module; 0: not at all.
int fit_of(std::string_view stem, const JavaModule& module) {
    // Some layouts put the group in front ("io.netty.netty-buffer-4.1.jar").
    if (!module.group.empty() && stem.starts_with(module.group) &&
        stem.substr(module.group.size()).starts_with('.')) {
        stem.remove_prefix(module.group.size() + 1);
    }
    if (!stem.starts_with(module.artifact)) {
        return 0;
    }
    const std::string_view rest = stem.substr(module.artifact.size());
    if (rest.empty()) {
        return 2;
    }
    if (rest.size() < 2 || (rest.front() != '-' && rest.front() != '_')) {
        return 0;
    }
    const std::string_view version = rest.substr(1);
    const bool is_exact =
        version.starts_with(module.version) && (version.size() == module.version.size() ||
                                                !text::is_alnum(version[module.version.size()]));
    return is_exact ? 3 : text::is_digit(version.front()) || is_assembly(version) ? 1 : 0;
}

/// True if the manifest is about that module.
bool manifest_names(const JavaArchive& archive, const JavaModule& module) {
    const std::string_view symbolic = first_word(archive.attribute("Bundle-SymbolicName"));
    return archive.attribute("Implementation-Title") == module.artifact ||
           archive.attribute("Bundle-Name") == module.artifact ||
           archive.attribute("Extension-Name") == module.artifact ||
           archive.attribute("Short-Name") == module.artifact || symbolic == module.artifact ||
           (!module.group.empty() && symbolic == module.group + "." + module.artifact);
}

/// The module that the archive is itself, if its name or its manifest tells.
std::optional<std::size_t> find_own_module(const JavaArchive& archive, std::string_view stem) {
    std::optional<std::size_t> best;
    int best_fit = 0;
    std::size_t usable = 0;
    for (std::size_t i = 0; i < archive.modules.size(); ++i) {
        const JavaModule& module = archive.modules[i];
        if (!identify_java_module(module)) {
            continue;
        }
        ++usable;
        const int named = manifest_names(archive, module) ? 1 : 0;
        const int fit = 4 * fit_of(stem, module) + 2 * named + (module.has_properties ? 1 : 0);
        // A longer artifact explains more of the name: "jetty-util-ajax" beside "jetty-util".
        const bool longer = best && module.artifact.size() > archive.modules[*best].artifact.size();
        if (fit > 1 && (fit > best_fit || (fit == best_fit && longer))) {
            best = i;
            best_fit = fit;
        }
    }
    if (best || usable != 1) {
        return best;
    }
    // One module in an archive of another name: either a renamed copy of it, or something else that
    // has swallowed it. Maven's own archiver says in the manifest that the former is the case.
    const auto only = std::find_if(archive.modules.begin(), archive.modules.end(), [](auto& m) {
        return identify_java_module(m).has_value();
    });
    const bool built_by_maven =
        archive.attribute("Created-By").find("Maven") != std::string_view::npos;
    if (!only->has_properties || built_by_maven ||
        archive.attribute("Implementation-Version") == only->version) {
        return static_cast<std::size_t>(only - archive.modules.begin());
    }
    return std::nullopt;
}

std::string manifest_version(const JavaArchive& archive) {
    for (const std::string_view name :
         {"Implementation-Version", "Plugin-Version", "Bundle-Version", "Specification-Version"}) {
        const std::string_view version = first_word(archive.attribute(name));
        if (is_version(version)) {
            return std::string(version);
        }
    }
    return {};
}

/// The group that a manifest tells of an artifact.
std::string manifest_group(const JavaArchive& archive, std::string_view artifact) {
    // Implementation-Vendor-Id looks like a group and is none: hibernate-commons-annotations says
    // "org.hibernate" and belongs to org.hibernate.common.
    const std::string_view group = first_word(archive.attribute("Group-Id"));
    if (is_domain_group(group)) {
        return std::string(group);
    }
    // The bundle plugin's default: group and artifact, joined by a dot.
    std::string_view symbolic = first_word(archive.attribute("Bundle-SymbolicName"));
    if (symbolic.ends_with(artifact) && symbolic.size() > artifact.size() + 1 &&
        symbolic[symbolic.size() - artifact.size() - 1] == '.') {
        symbolic.remove_suffix(artifact.size() + 1);
        if (is_domain_group(symbolic)) {
            return std::string(symbolic);
        }
    }
    return {};
}

/// A name that the manifest gives the archive; empty if it gives none that is an artifact's.
std::string_view manifest_name(const JavaArchive& archive) {
    const std::string_view symbolic = first_word(archive.attribute("Bundle-SymbolicName"));
    const std::string_view last = symbolic.substr(symbolic.rfind('.') + 1);
    if (find_java_group(last)) {
        return last;
    }
    for (const std::string_view name : {"Short-Name", "Extension-Name", "Implementation-Title"}) {
        if (const std::string_view value = archive.attribute(name); is_maven_id(value)) {
            return value;
        }
    }
    return is_maven_id(symbolic) ? symbolic : std::string_view();
}

/// What the manifest and the file name tell together.
std::optional<JavaIdentity> identify_by_name(const JavaArchive& archive, std::string_view stem) {
    const JarName file = split_jar_name(stem);
    const std::string_view named = archive.has_manifest ? manifest_name(archive) : "";
    const bool by_file = !file.version.empty() || find_java_group(file.name) || named.empty();
    JavaIdentity identity;
    identity.artifact = by_file ? file.name : named;
    identity.version =
        is_version(file.version) ? std::string(file.version) : manifest_version(archive);
    identity.evidence =
        by_file && !file.version.empty() ? JavaEvidence::file_name : JavaEvidence::manifest;
    if (!is_maven_id(identity.artifact) || (identity.version.empty() && named.empty())) {
        return std::nullopt;
    }
    const auto known = find_java_group(identity.artifact);
    identity.group = known ? std::string(*known) : manifest_group(archive, identity.artifact);
    return identity;
}

bool is_version_start(std::string_view text) {
    const auto word_and_digit = [&](std::string_view word) {
        return text.starts_with(word) && text.size() > word.size() &&
               text::is_digit(text[word.size()]);
    };
    return !text.empty() && (text::is_digit(text.front()) || word_and_digit("r") ||
                             word_and_digit("rc") || word_and_digit("build"));
}

std::string_view without_platform(std::string_view version) {
    std::size_t end = version.size();
    for (const std::string_view platform : {"-linux",
                                            "-windows",
                                            "-win32",
                                            "-win64",
                                            "-osx",
                                            "-macos",
                                            "-mac",
                                            "-native",
                                            "-tests"}) {
        end = std::min(end, version.find(platform));
    }
    return version.substr(0, end);
}

} // namespace

std::string_view to_string(JavaEvidence evidence) {
    switch (evidence) {
    case JavaEvidence::pom_properties:
        return "pom.properties";
    case JavaEvidence::pom_xml:
        return "pom.xml";
    case JavaEvidence::manifest:
        return "manifest";
    case JavaEvidence::file_name:
        return "file-name";
    }
    return "";
}

JarName split_jar_name(std::string_view stem) {
    JarName split{stem, {}};
    for (std::size_t dash = stem.find('-', 1); dash != std::string_view::npos;
         dash = stem.find('-', dash + 1)) {
        if (!is_version_start(stem.substr(dash + 1))) {
            continue;
        }
        // The first such dash, or a later one that leaves the name of a known artifact.
        const std::string_view name = stem.substr(0, dash);
        if (split.version.empty() || find_java_group(name)) {
            split = {name, without_platform(stem.substr(dash + 1))};
        }
    }
    if (!split.version.empty()) {
        return split;
    }
    for (std::size_t mark = stem.find('_', 1); mark != std::string_view::npos;
         mark = stem.find('_', mark + 1)) {
        if (mark + 1 < stem.size() && text::is_digit(stem[mark + 1])) {
            return {stem.substr(0, mark), stem.substr(mark + 1)};
        }
    }
    return split;
}

std::optional<JavaIdentity> identify_java_module(const JavaModule& module) {
    if (!is_maven_id(module.artifact) || !is_version(module.version)) {
        return std::nullopt;
    }
    JavaIdentity identity;
    identity.group = is_maven_id(module.group) ? module.group : std::string();
    if (identity.group.empty()) {
        identity.group = find_java_group(module.artifact).value_or("");
    }
    identity.artifact = module.artifact;
    identity.version = module.version;
    identity.evidence =
        module.has_properties ? JavaEvidence::pom_properties : JavaEvidence::pom_xml;
    return identity;
}

std::optional<JavaIdentity> identify_java_archive(const JavaArchive& archive,
                                                  std::string_view file_name) {
    const std::string_view stem = file_name.substr(0, file_name.rfind('.'));
    if (const auto own = find_own_module(archive, stem)) {
        auto identity = identify_java_module(archive.modules[*own]);
        identity->module = own;
        return identity;
    }
    if (!archive.has_manifest && !archive.has_classes) {
        return std::nullopt;
    }
    return identify_by_name(archive, stem);
}

} // namespace bulla::sbom
