// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_archive_scanner.hpp"

#include "base/archive/zip_reader.hpp"
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/catalogers/java_archive_parts.hpp"
#include "sbom/catalogers/java_manifest.hpp"
#include "sbom/catalogers/java_pom.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bulla::sbom {
namespace {

/// The same in either case: the glob syntax has no other way to say it.
constexpr std::array<std::string_view, 12> kGlobs{"**/*.{e,E}{a,A}{r,R}",
                                                  "**/*.{f,F}{a,A}{r,R}",
                                                  "**/*.{h,H}{p,P}{i,I}",
                                                  "**/*.{j,J}{a,A}{r,R}",
                                                  "**/*.{j,J}{p,P}{i,I}",
                                                  "**/*.{k,K}{a,A}{r,R}",
                                                  "**/*.{l,L}{p,P}{k,K}{g,G}",
                                                  "**/*.{n,N}{a,A}{r,R}",
                                                  "**/*.{p,P}{a,A}{r,R}",
                                                  "**/*.{r,R}{a,A}{r,R}",
                                                  "**/*.{s,S}{a,A}{r,R}",
                                                  "**/*.{w,W}{a,A}{r,R}"};

constexpr std::string_view kLocalSignature = "PK\x03\x04";
constexpr std::size_t kLocalBytes = 30; ///< before the name in a local header

std::size_t size_of(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::size_t size = 0;
    for (const auto& [first, second] : pairs) {
        size += first.size() + second.size();
    }
    return size;
}

std::size_t size_of(const JavaArchive& archive) {
    std::size_t size = archive.path.size() + size_of(archive.attributes);
    for (const JavaModule& module : archive.modules) {
        size += module.folder.size() + module.group.size() + module.artifact.size() +
                module.version.size() + module.description.size() + module.url.size() +
                size_of(module.licenses);
    }
    return size;
}

/// One reading of a file and of all archives in it.
class Scan {
  public:
    Result<JavaFacts> run(const RandomAccess& source) {
        facts_.archives.emplace_back();
        BULLA_TRY(scan(source, 0, 1));
        return std::move(facts_);
    }

  private:
    using Modules = std::map<std::string, JavaModule, std::less<>>;

    Status scan(const RandomAccess& source, std::uint32_t index, std::size_t depth);
    Status read_manifest(const archive::ZipReader& zip, std::uint32_t index);
    Status read_modules(const archive::ZipReader& zip, std::uint32_t index);
    Status read_module(const archive::ZipReader& zip,
                       const archive::ZipEntry& entry,
                       std::uint32_t index,
                       JavaModule& module);
    Status scan_nested(const archive::ZipReader& zip,
                       const RandomAccess& source,
                       const archive::ZipEntry& entry,
                       std::uint32_t parent,
                       std::size_t depth);
    Result<Bytes>
    read_whole(const archive::ZipReader& zip, const archive::ZipEntry& entry, std::size_t most);
    Status charge(std::uint32_t index);
    Status report(std::uint32_t index, std::string_view path, Error error);

    JavaFacts facts_;
    archive::InflateBudget budget_{limits::kArchiveInflatedBytes};
    std::size_t entries_ = 0;
    std::size_t said_ = 0; ///< bytes of all facts so far
    bool full_ = false;    ///< no more archives are looked into
};

/// What is wrong with the archive is a fact about it; what is wrong with this machine ends the
/// layer.
Status Scan::report(std::uint32_t index, std::string_view path, Error error) {
    if (error.code == ErrorCode::io || error.code == ErrorCode::internal) {
        return error;
    }
    if (facts_.problems.size() >= limits::kArchiveProblems) {
        ++facts_.more_problems;
    } else {
        facts_.problems.push_back({index, std::string(path), std::move(error.message)});
    }
    return ok();
}

Status Scan::charge(std::uint32_t index) {
    said_ += size_of(facts_.archives[index]);
    if (said_ <= limits::kArchiveFactsBytes || full_) {
        return ok();
    }
    full_ = true;
    return report(index,
                  "",
                  Error{ErrorCode::limit_exceeded,
                        "the archives in this file say more than " +
                            std::to_string(limits::kArchiveFactsBytes) +
                            " bytes of themselves; the rest is not read"});
}

Status Scan::scan(const RandomAccess& source, std::uint32_t index, std::size_t depth) {
    bool has_classes = false;
    const auto wanted = [&](std::string_view name) {
        ++entries_;
        const JavaPart part = java_part_of(name);
        has_classes = has_classes || part == JavaPart::class_file;
        return part != JavaPart::other && part != JavaPart::class_file;
    };
    const auto zip = archive::ZipReader::open(source, wanted);
    if (!zip) {
        std::array<char, 4> head{};
        const bool has_head = source.size() >= head.size() && source.read_at(0, head);
        facts_.archives[index].is_zip =
            has_head && ByteView(head.data(), head.size()) == kLocalSignature;
        return report(index, "", zip.error());
    }
    facts_.archives[index].has_classes = has_classes;
    BULLA_TRY(read_manifest(*zip, index));
    BULLA_TRY(read_modules(*zip, index));
    BULLA_TRY(charge(index));
    for (const archive::ZipEntry& entry : zip->entries()) {
        if (java_part_of(entry.name) == JavaPart::archive && !full_) {
            BULLA_TRY(scan_nested(*zip, source, entry, index, depth));
        }
    }
    return ok();
}

Result<Bytes>
Scan::read_whole(const archive::ZipReader& zip, const archive::ZipEntry& entry, std::size_t most) {
    if (entry.size > most) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(most) + " bytes and found " +
                         std::to_string(entry.size)};
    }
    Bytes text;
    BULLA_TRY(zip.read(entry, budget_, [&](ByteView piece) -> Result<bool> {
        text += piece; // never more than entry.size: the reader checks that
        return true;
    }));
    return text;
}

Status Scan::read_manifest(const archive::ZipReader& zip, std::uint32_t index) {
    // The runtime takes the last one, whatever its case.
    const archive::ZipEntry* manifest = nullptr;
    for (const archive::ZipEntry& entry : zip.entries()) {
        manifest = java_part_of(entry.name) == JavaPart::manifest ? &entry : manifest;
    }
    if (manifest == nullptr) {
        return ok();
    }
    Bytes text;
    JavaManifest parsed;
    bool parsed_all = false;
    const auto status = zip.read(*manifest, budget_, [&](ByteView piece) -> Result<bool> {
        text += piece;
        if (text.size() < limits::kJarSectionsBytes) {
            return true;
        }
        parsed = parse_java_manifest(text);
        parsed_all = parsed.main_section_ended || text.size() >= limits::kJarManifestBytes;
        return !parsed_all;
    });
    if (!status) {
        return report(index, manifest->name, status.error());
    }
    if (!parsed_all) {
        parsed = parse_java_manifest(text);
    } else if (!parsed.main_section_ended) {
        BULLA_TRY(report(index,
                         manifest->name,
                         Error{ErrorCode::limit_exceeded,
                               "its main section has more than " +
                                   std::to_string(limits::kJarManifestBytes) +
                                   " bytes; the rest is not read"}));
    }
    facts_.archives[index].has_manifest = true;
    facts_.archives[index].attributes = std::move(parsed.attributes);
    return ok();
}

Status Scan::read_module(const archive::ZipReader& zip,
                         const archive::ZipEntry& entry,
                         std::uint32_t index,
                         JavaModule& module) {
    const bool is_pom = java_part_of(entry.name) == JavaPart::pom;
    const auto text =
        read_whole(zip, entry, is_pom ? limits::kPomBytes : limits::kPomPropertiesBytes);
    if (!text) {
        return report(index, entry.name, text.error());
    }
    if (!is_pom) {
        parse_pom_properties(*text, module);
        return ok();
    }
    auto status = parse_pom_xml(*text, module);
    return status ? ok() : report(index, entry.name, std::move(status.error()));
}

Status Scan::read_modules(const archive::ZipReader& zip, std::uint32_t index) {
    Modules modules;
    // What was built first, then what its POM can add to it.
    for (const JavaPart wanted : {JavaPart::properties, JavaPart::pom}) {
        for (const archive::ZipEntry& entry : zip.entries()) {
            if (java_part_of(entry.name) != wanted) {
                continue;
            }
            std::string folder = entry.name.substr(0, entry.name.rfind('/'));
            if (modules.size() >= limits::kJarModules && !modules.contains(folder)) {
                return report(index,
                              entry.name,
                              Error{ErrorCode::limit_exceeded,
                                    "expected at most " + std::to_string(limits::kJarModules) +
                                        " modules in one archive and found more"});
            }
            JavaModule& module = modules[folder];
            module.folder = std::move(folder);
            BULLA_TRY(read_module(zip, entry, index, module));
        }
    }
    for (auto& [folder, module] : modules) {
        facts_.archives[index].modules.push_back(std::move(module));
    }
    return ok();
}

Status Scan::scan_nested(const archive::ZipReader& zip,
                         const RandomAccess& source,
                         const archive::ZipEntry& entry,
                         std::uint32_t parent,
                         std::size_t depth) {
    if (depth >= limits::kArchiveDepth) {
        return report(parent,
                      entry.name,
                      Error{ErrorCode::limit_exceeded,
                            "archives in archives are read " +
                                std::to_string(limits::kArchiveDepth) +
                                " deep, and this one lies deeper"});
    }
    if (facts_.archives.size() >= limits::kNestedArchives || entries_ > limits::kNestedEntries) {
        full_ = true;
        return report(parent,
                      entry.name,
                      Error{ErrorCode::limit_exceeded,
                            "the file holds more archives or entries than are read; the rest of "
                            "them is left out"});
    }
    const auto index = static_cast<std::uint32_t>(facts_.archives.size());
    if (entry.is_stored()) {
        const auto range = zip.find_stored(entry);
        if (!range) {
            return report(parent, entry.name, range.error());
        }
        facts_.archives.emplace_back().parent = parent;
        facts_.archives.back().path = entry.name;
        return scan(RangeAccess(source, range->offset, range->size), index, depth + 1);
    }
    SpillBuffer inflated(limits::kNestedArchiveInMemoryBytes, entry.size);
    const auto status = zip.read(entry, budget_, [&](ByteView piece) -> Result<bool> {
        BULLA_TRY(inflated.append(piece));
        return true;
    });
    if (!status) {
        return report(parent, entry.name, status.error());
    }
    facts_.archives.emplace_back().parent = parent;
    facts_.archives.back().path = entry.name;
    return scan(inflated, index, depth + 1);
}

class JavaArchiveScanner final : public walk::EntryScanner {
  public:
    explicit JavaArchiveScanner(std::uint64_t size)
        : size_(size), bytes_(limits::kArchiveInMemoryBytes, size) {}

    Status feed(ByteView piece) override {
        // Nothing is held of what will not be read.
        return is_too_large() ? ok() : bytes_.append(piece);
    }

    Result<walk::ScanResult> finish() override {
        if (is_too_large()) {
            JavaFacts facts;
            facts.archives.emplace_back();
            facts.problems.push_back({0,
                                      "",
                                      "expected an archive of at most " +
                                          std::to_string(limits::kArchiveFileBytes) +
                                          " bytes and found one of " + std::to_string(size_)});
            return walk::ScanResult{.facts = encode_java_facts(facts)};
        }
        BULLA_TRY_ASSIGN(const JavaFacts facts, scan_java_archive(bytes_));
        return walk::ScanResult{.facts = encode_java_facts(facts)};
    }

  private:
    bool is_too_large() const { return size_ > limits::kArchiveFileBytes; }

    std::uint64_t size_;
    SpillBuffer bytes_;
};

/// The jar tool and every Java build tool put META-INF first.
bool begins_like_a_jar(ByteView head) {
    return head.starts_with(kLocalSignature) && head.substr(kLocalBytes).starts_with("META-INF/");
}

} // namespace

Result<JavaFacts> scan_java_archive(const RandomAccess& source) {
    return Scan().run(source);
}

walk::ScannerKind java_archive_scanner() {
    return {.id = "java-archive",
            .version = 1,
            .globs = kGlobs,
            .recognises = begins_like_a_jar,
            .make = [](std::uint64_t size,
                       walk::ScanEffort /*effort*/) -> std::unique_ptr<walk::EntryScanner> {
                return std::make_unique<JavaArchiveScanner>(size);
            }};
}

} // namespace bulla::sbom
