// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_facts.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/json/json.hpp"
#include "base/json/writer.hpp"

#include <algorithm>

namespace bulla::sbom {
namespace {

constexpr std::string_view kSchema = "bulla.java-archive/1";

using Pairs = std::vector<std::pair<std::string, std::string>>;

Error bad_facts(std::string_view why) {
    return Error{ErrorCode::malformed,
                 "the facts about a Java archive are damaged: " + std::string(why)};
}

void write_pairs(json::Writer& out, std::string_view name, const Pairs& pairs) {
    if (pairs.empty()) {
        return;
    }
    out.key(name).begin_array();
    for (const auto& [first, second] : pairs) {
        out.begin_array().string(first).string(second).end_array();
    }
    out.end_array();
}

void write_module(json::Writer& out, const JavaModule& module) {
    out.begin_object().member("folder", module.folder);
    out.optional_member("group", module.group).optional_member("artifact", module.artifact);
    out.optional_member("version", module.version);
    out.optional_member("description", module.description).optional_member("url", module.url);
    write_pairs(out, "licenses", module.licenses);
    out.key("properties").boolean(module.has_properties).end_object();
}

void write_archive(json::Writer& out, const JavaArchive& archive) {
    out.begin_object();
    if (archive.parent != JavaArchive::kNoParent) {
        out.key("parent").integer(archive.parent).member("path", archive.path);
    }
    if (!archive.is_zip) {
        out.key("zip").boolean(false);
    }
    out.key("manifest").boolean(archive.has_manifest);
    out.key("classes").boolean(archive.has_classes);
    write_pairs(out, "attributes", archive.attributes);
    if (!archive.modules.empty()) {
        out.key("modules").begin_array();
        for (const JavaModule& module : archive.modules) {
            write_module(out, module);
        }
        out.end_array();
    }
    out.end_object();
}

Result<Pairs> read_pairs(json::Value list) {
    Pairs pairs;
    pairs.reserve(list.size());
    for (const json::Value pair : list.elements()) {
        const auto first = pair[0].string();
        const auto second = pair[1].string();
        if (!first || !second || pair.size() != 2) {
            return bad_facts("a pair is none");
        }
        pairs.emplace_back(*first, *second);
    }
    return pairs;
}

Result<JavaModule> read_module(json::Value value) {
    const auto properties = value["properties"].boolean();
    const auto folder = value["folder"].string();
    if (!properties || !folder) {
        return bad_facts("a module lacks a member");
    }
    JavaModule module;
    module.folder = *folder;
    module.group = value["group"].string_or("");
    module.artifact = value["artifact"].string_or("");
    module.version = value["version"].string_or("");
    module.description = value["description"].string_or("");
    module.url = value["url"].string_or("");
    module.has_properties = *properties;
    BULLA_TRY_ASSIGN(module.licenses, read_pairs(value["licenses"]));
    return module;
}

Result<JavaArchive> read_archive(json::Value value, std::size_t number) {
    JavaArchive archive;
    const auto manifest = value["manifest"].boolean();
    const auto classes = value["classes"].boolean();
    const auto parent = value["parent"].integer();
    if (!manifest || !classes || (number == 0) != !value["parent"]) {
        return bad_facts("an archive lacks a member");
    }
    if (number > 0) {
        if (!parent || *parent < 0 || static_cast<std::uint64_t>(*parent) >= number) {
            return bad_facts("an archive lies in none before it");
        }
        archive.parent = static_cast<std::uint32_t>(*parent);
        archive.path = value["path"].string_or("");
    }
    archive.is_zip = value["zip"].boolean().value_or(true);
    archive.has_manifest = *manifest;
    archive.has_classes = *classes;
    BULLA_TRY_ASSIGN(archive.attributes, read_pairs(value["attributes"]));
    for (const json::Value module : value["modules"].elements()) {
        BULLA_TRY_ASSIGN(auto parsed, read_module(module));
        archive.modules.push_back(std::move(parsed));
    }
    return archive;
}

Result<JavaProblem> read_problem(json::Value value, std::size_t archives) {
    const auto archive = value["archive"].integer();
    if (!archive || *archive < 0 || static_cast<std::uint64_t>(*archive) >= archives) {
        return bad_facts("a problem is about no archive");
    }
    return JavaProblem{static_cast<std::uint32_t>(*archive),
                       value["path"].string_or(""),
                       value["reason"].string_or("")};
}

} // namespace

std::string_view JavaArchive::attribute(std::string_view name) const {
    for (const auto& [key, value] : attributes) {
        if (text::equal_ignoring_case(key, name)) {
            return value;
        }
    }
    return {};
}

Bytes encode_java_facts(const JavaFacts& facts) {
    json::Writer out;
    out.begin_object().member("schema", kSchema).key("archives").begin_array();
    for (const JavaArchive& archive : facts.archives) {
        write_archive(out, archive);
    }
    out.end_array();
    if (!facts.problems.empty()) {
        out.key("problems").begin_array();
        for (const JavaProblem& problem : facts.problems) {
            out.begin_object().key("archive").integer(problem.archive);
            out.optional_member("path", problem.path).member("reason", problem.reason).end_object();
        }
        out.end_array();
    }
    if (facts.more_problems > 0) {
        out.key("moreProblems").integer(static_cast<std::int64_t>(facts.more_problems));
    }
    out.end_object();
    return out.finish();
}

Result<JavaFacts> decode_java_facts(ByteView bytes) {
    BULLA_TRY_ASSIGN(const auto document,
                     json::Document::parse(bytes,
                                           {.max_bytes = limits::kScanFactsBytes,
                                            .what = "record of a Java archive's facts"}));
    const json::Value root = document.root();
    if (root["schema"].string() != kSchema) {
        return bad_facts("they are of another version");
    }
    JavaFacts facts;
    const auto archives = root["archives"].elements();
    if (archives.empty() || archives.size() > limits::kNestedArchives) {
        return bad_facts("the number of archives is not possible");
    }
    facts.archives.reserve(archives.size());
    for (const json::Value value : archives) {
        BULLA_TRY_ASSIGN(auto archive, read_archive(value, facts.archives.size()));
        facts.archives.push_back(std::move(archive));
    }
    for (const json::Value value : root["problems"].elements()) {
        BULLA_TRY_ASSIGN(auto problem, read_problem(value, facts.archives.size()));
        facts.problems.push_back(std::move(problem));
    }
    const auto more = root["moreProblems"].integer().value_or(0);
    facts.more_problems = more > 0 ? static_cast<std::uint64_t>(more) : 0;
    return facts;
}

std::string place_of(const JavaFacts& facts, std::uint32_t archive, std::string_view file) {
    std::vector<std::string_view> parts;
    // Parents come before their children, so this ends; the bound is the scanner's own.
    for (std::uint32_t at = archive; facts.archives[at].parent != JavaArchive::kNoParent &&
                                     parts.size() <= limits::kArchiveDepth;
         at = facts.archives[at].parent) {
        parts.push_back(facts.archives[at].path);
    }
    std::string place(file);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        place += "!/";
        place += *part;
    }
    return place;
}

} // namespace bulla::sbom
