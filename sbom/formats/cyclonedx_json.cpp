// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "sbom/formats/dependency_graph.hpp"
#include "sbom/formats/formats.hpp"
#include "sbom/formats/subject_reference.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace bulla::sbom {
namespace {

/// A document lists this many files that could not be read, and then their number.
constexpr std::size_t kListedUnknowns = 1000;

/// An RFC 9562 UUIDv8 from the SHA-256 of the text: 122 bits of the hash, version and variant set.
std::string uuid_of(std::string_view text) {
    std::string raw = crypto::hash(HashAlgorithm::sha256, text).substr(0, 16);
    const auto set_bits = [&](std::size_t at, unsigned keep, unsigned value) {
        raw[at] = static_cast<char>((static_cast<unsigned char>(raw[at]) & keep) | value);
    };
    set_bits(6, 0x0FU, 0x80U);
    set_bits(8, 0x3FU, 0x80U);
    std::string uuid = text::to_hex(raw);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) {
        uuid.insert(at, 1, '-');
    }
    return uuid;
}

/// True if a schema's "iri-reference" will accept it. Homepages are foreign text, and one bad one
/// would make the whole document invalid.
bool is_plain_url(std::string_view url) {
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
        return false;
    }
    constexpr std::string_view kAllowed = "-._~:/?#@!$&'()*+,;=";
    bool fragment = false;
    for (std::size_t i = 0; i < url.size(); ++i) {
        const char c = url[i];
        if (c == '%' ? !text::from_hex(url.substr(i + 1, 2)) || i + 2 >= url.size()
                     : !text::is_alnum(c) && kAllowed.find(c) == std::string_view::npos) {
            return false;
        }
        if (c == '#' && std::exchange(fragment, true)) {
            return false;
        }
    }
    return url.size() > 8;
}

/// "Name <mail>" as its two parts; the mail only if a schema's "idn-email" will surely accept it.
std::pair<std::string_view, std::string_view> split_person(std::string_view person) {
    std::string_view rest = person;
    const std::string_view name = text::trim(text::take_until(rest, '<'));
    const std::string_view mail = text::trim(text::take_until(rest, '>'));
    const std::size_t at = mail.find('@');
    const bool plain = at != std::string_view::npos && at > 0 && at + 1 < mail.size() &&
                       std::all_of(mail.begin(),
                                   mail.end(),
                                   [](char c) {
                                       return text::is_alnum(c) || c == '.' || c == '-' ||
                                              c == '_' || c == '+' || c == '@';
                                   }) &&
                       std::count(mail.begin(), mail.end(), '@') == 1 &&
                       mail.find("..") == std::string_view::npos && mail.front() != '.' &&
                       mail[at - 1] != '.' && text::is_alnum(mail[at + 1]) &&
                       text::is_alnum(mail.back());
    return {name, plain ? mail : std::string_view()};
}

/// One document being written.
class Document {
  public:
    Document(const Sbom& sbom, const EncodeOptions& options, std::string_view spec_version)
        : sbom_(sbom), options_(options), spec_version_(spec_version),
          subject_(subject_reference(sbom.subject)), out_(options.layout) {
        references_.reserve(sbom.packages.size());
        for (const Package& package : sbom.packages) {
            references_.push_back(reference_of(package));
        }
        if (sbom.distribution) {
            distribution_ = "os:" + sbom.distribution->id;
            if (!sbom.distribution->version_id.empty()) {
                distribution_ += "@" + sbom.distribution->version_id;
            }
        }
    }

    std::string write();

  private:
    void write_metadata();
    void write_subject();
    void write_subject_properties();
    void write_unknowns();
    void write_distribution();
    void write_package(std::size_t index);
    void write_name(const Package& package);
    void write_licenses(const std::vector<License>& licenses);
    void write_evidence(const Package& package);
    void write_occurrences(const std::vector<Occurrence>& occurrences);
    void write_properties(std::size_t index);
    void write_dependencies();
    void write_compositions();
    void write_website(std::string_view url);
    void write_property(std::string_view name, std::string_view value);

    const Sbom& sbom_;
    const EncodeOptions& options_;
    std::string_view spec_version_;
    SubjectReference subject_;
    json::Writer out_;
    std::vector<std::string> references_;
    std::string distribution_; ///< the reference of the operating system, or empty
};

void Document::write_property(std::string_view name, std::string_view value) {
    if (!value.empty()) {
        out_.begin_object();
        out_.member("name", "bulla:" + std::string(name)).member("value", value);
        out_.end_object();
    }
}

void Document::write_website(std::string_view url) {
    if (is_plain_url(url)) {
        out_.key("externalReferences").begin_array().begin_object();
        out_.member("type", "website").member("url", url);
        out_.end_object().end_array();
    }
}

void Document::write_metadata() {
    out_.key("metadata").begin_object();
    out_.optional_member("timestamp", options_.timestamp);
    out_.key("lifecycles").begin_array().begin_object();
    out_.member("phase", "post-build").end_object().end_array();
    out_.key("tools").begin_object().key("components").begin_array().begin_object();
    out_.member("type", "application").member("publisher", "The Bulla Authors");
    out_.member("name", "bulla-sbom").optional_member("version", options_.tool_version);
    out_.end_object().end_array().end_object();
    write_subject();
    write_unknowns();
    out_.end_object();
}

void Document::write_subject() {
    const SbomSubject& subject = sbom_.subject;
    out_.key("component").begin_object();
    out_.member("bom-ref", subject_.reference).member("type", "container");
    out_.member("name", subject.name.empty() ? "image" : subject.name);
    out_.optional_member("version", subject.manifest_digest);
    if (const auto digest = Digest::parse(subject.manifest_digest)) {
        const bool is_sha256 = digest->algorithm() == HashAlgorithm::sha256;
        out_.key("hashes").begin_array().begin_object();
        out_.member("alg", is_sha256 ? "SHA-256" : "SHA-512").member("content", digest->hex());
        out_.end_object().end_array();
    }
    out_.optional_member("purl", subject_.purl);
    write_subject_properties();
    out_.end_object();
}

void Document::write_subject_properties() {
    const SbomSubject& subject = sbom_.subject;
    std::string platform = subject.os;
    for (const std::string& part : {subject.architecture, subject.variant}) {
        platform += part.empty() ? "" : "/" + part;
    }
    out_.key("properties").begin_array();
    write_property("image:manifest-digest", subject.manifest_digest);
    write_property("image:index-digest", subject.index_digest);
    write_property("image:config-digest", subject.config_digest);
    write_property("image:platform", platform);
    write_property("image:created", subject.created);
    for (const auto& [key, value] : subject.labels) {
        write_property("image:label:" + key, value);
    }
    out_.end_array();
}

void Document::write_unknowns() {
    if (sbom_.unknowns.empty()) {
        return;
    }
    out_.key("properties").begin_array();
    for (std::size_t i = 0; i < std::min(sbom_.unknowns.size(), kListedUnknowns); ++i) {
        write_property("unknown", sbom_.unknowns[i].path + ": " + sbom_.unknowns[i].reason);
    }
    write_property("unknowns", std::to_string(sbom_.unknowns.size()));
    out_.end_array();
}

void Document::write_distribution() {
    const Distribution& distribution = *sbom_.distribution;
    out_.begin_object();
    out_.member("bom-ref", distribution_).member("type", "operating-system");
    out_.member("name", distribution.id).optional_member("version", distribution.version_id);
    out_.optional_member("description", distribution.pretty_name);
    write_website(distribution.home_url);
    out_.key("properties").begin_array();
    write_property("distribution:id-like", distribution.id_like);
    write_property("distribution:name", distribution.name);
    write_property("distribution:codename", distribution.version_codename);
    write_property("distribution:build-id", distribution.build_id);
    write_property("distribution:cpe-name", distribution.cpe_name);
    out_.end_array();
    out_.key("evidence").begin_object();
    write_occurrences({distribution.occurrence});
    out_.end_object().end_object();
}

void Document::write_name(const Package& package) {
    const std::size_t slash = package.name.find('/');
    const bool scoped = package.type == PackageType::npm && package.name.starts_with('@') &&
                        slash != std::string::npos && slash + 1 < package.name.size();
    if (scoped) {
        out_.member("group", package.name.substr(0, slash));
    }
    out_.member("name", scoped ? package.name.substr(slash + 1) : package.name);
    out_.optional_member("version", package.version);
}

void Document::write_package(std::size_t index) {
    const Package& package = sbom_.packages[index];
    out_.begin_object();
    out_.member("bom-ref", references_[index]).member("type", "library");
    if (const auto [name, mail] = split_person(package.maintainer); !name.empty()) {
        out_.key("supplier").begin_object().member("name", name);
        if (!mail.empty()) {
            out_.key("contact").begin_array().begin_object().member("email", mail);
            out_.end_object().end_array();
        }
        out_.end_object();
    }
    if (const auto [name, mail] = split_person(package.author); !name.empty() || !mail.empty()) {
        out_.key("authors").begin_array().begin_object();
        out_.optional_member("name", name).optional_member("email", mail);
        out_.end_object().end_array();
    }
    write_name(package);
    out_.optional_member("description", package.description);
    write_licenses(package.licenses);
    out_.optional_member("purl", package.purl);
    write_website(package.homepage);
    write_properties(index);
    write_evidence(package);
    out_.end_object();
}

/// 1.7 takes any mix; 1.6 takes either one expression or any number of licences, so beside others
/// an expression becomes a licence of that name.
void Document::write_licenses(const std::vector<License>& licenses) {
    if (licenses.empty()) {
        return;
    }
    const bool expressions = spec_version_ != "1.6" || licenses.size() == 1;
    out_.key("licenses").begin_array();
    for (const License& license : licenses) {
        out_.begin_object();
        if (license.kind == License::Kind::expression && expressions) {
            out_.member("expression", license.value).member("acknowledgement", "declared");
        } else {
            const bool is_id = license.kind == License::Kind::id;
            out_.key("license").begin_object();
            out_.member(is_id ? "id" : "name", license.value);
            out_.member("acknowledgement", "declared").end_object();
        }
        out_.end_object();
    }
    out_.end_array();
}

void Document::write_properties(std::size_t index) {
    const auto [begin, end] = std::equal_range(
        sbom_.relationships.begin(),
        sbom_.relationships.end(),
        Relationship{static_cast<std::uint32_t>(index), Relationship::Kind::owned_by, 0},
        [](const Relationship& a, const Relationship& b) {
            return std::pair(a.from, a.kind) < std::pair(b.from, b.kind);
        });
    const std::vector<Property>& properties = sbom_.packages[index].properties;
    if (properties.empty() && begin == end) {
        return;
    }
    out_.key("properties").begin_array();
    for (const Property& property : properties) {
        write_property(property.name, property.value);
    }
    for (auto it = begin; it != end; ++it) {
        write_property("package:owner", references_[it->to]);
    }
    out_.end_array();
}

void Document::write_evidence(const Package& package) {
    out_.key("evidence").begin_object();
    out_.key("identity").begin_array().begin_object();
    out_.member("field", package.purl.empty() ? "name" : "purl");
    out_.key("confidence").integer(1);
    out_.key("methods").begin_array().begin_object();
    out_.member("technique", "manifest-analysis").key("confidence").integer(1);
    out_.end_object().end_array().end_object().end_array();
    write_occurrences(package.occurrences);
    out_.end_object();
}

void Document::write_occurrences(const std::vector<Occurrence>& occurrences) {
    out_.key("occurrences").begin_array();
    for (const Occurrence& occurrence : occurrences) {
        out_.begin_object().member("location", occurrence.path);
        if (occurrence.layer < sbom_.layers.size()) {
            out_.member("additionalContext", sbom_.layers[occurrence.layer]);
        }
        out_.end_object();
    }
    out_.end_array();
}

void Document::write_dependencies() {
    const DependencyGraph graph(sbom_.packages.size(), sbom_.relationships);
    const auto write_entry = [&](std::string_view reference, auto&& dependencies) {
        out_.begin_object().member("ref", reference).key("dependsOn").begin_array();
        for (const std::uint32_t dependency : dependencies) {
            out_.string(references_[dependency]);
        }
        out_.end_array().end_object();
    };
    out_.key("dependencies").begin_array();
    out_.begin_object().member("ref", subject_.reference).key("dependsOn").begin_array();
    if (!distribution_.empty()) {
        out_.string(distribution_);
    }
    for (const std::uint32_t root : graph.roots()) {
        out_.string(references_[root]);
    }
    out_.end_array().end_object();
    if (!distribution_.empty()) {
        write_entry(distribution_, std::array<std::uint32_t, 0>());
    }
    for (std::uint32_t i = 0; i < references_.size(); ++i) {
        write_entry(references_[i], graph.dependencies_of(i));
    }
    out_.end_array();
}

/// Nobody can say that an image holds nothing beside what package managers recorded, so the best
/// claim is "unknown"; what could not be read makes it "incomplete".
void Document::write_compositions() {
    out_.key("compositions").begin_array().begin_object();
    out_.member("aggregate", sbom_.unknowns.empty() ? "unknown" : "incomplete");
    out_.key("assemblies").begin_array().string(subject_.reference).end_array();
    out_.end_object().end_array();
}

std::string Document::write() {
    const bool indented = options_.layout == json::Layout::indented;
    const std::string spec_version(spec_version_);
    out_.begin_object();
    out_.member("$schema", "http://cyclonedx.org/schema/bom-" + spec_version + ".schema.json");
    out_.member("bomFormat", "CycloneDX").member("specVersion", spec_version);
    out_.key("version").integer(1);
    write_metadata();
    out_.key("components").begin_array();
    if (sbom_.distribution) {
        write_distribution();
    }
    for (std::size_t i = 0; i < sbom_.packages.size(); ++i) {
        write_package(i);
    }
    out_.end_array();
    write_dependencies();
    write_compositions();
    out_.end_object();
    std::string text = out_.finish();
    // The number is made from the document without it and then put where readers look for it.
    const std::string mark = indented ? "\n  \"version\": 1," : "\"version\":1,";
    const std::string number =
        std::string(indented ? "\n  \"serialNumber\": " : "\"serialNumber\":") +
        "\"urn:uuid:" + uuid_of(text) + "\",";
    text.insert(text.find(mark), number);
    text += '\n';
    return text;
}

class CycloneDxEncoder final : public Encoder {
  public:
    explicit CycloneDxEncoder(std::string_view spec_version) : spec_version_(spec_version) {}

    std::string_view format() const override { return "cyclonedx-json"; }

    std::string_view spec_version() const override { return spec_version_; }

    std::string_view media_type() const override { return "application/vnd.cyclonedx+json"; }

    Result<std::string> encode(const Sbom& sbom, const EncodeOptions& options) const override {
        return Document(sbom, options, spec_version_).write();
    }

  private:
    std::string_view spec_version_;
};

} // namespace

std::unique_ptr<const Encoder> make_cyclonedx_1_7_encoder() {
    return std::make_unique<CycloneDxEncoder>("1.7");
}

std::unique_ptr<const Encoder> make_cyclonedx_1_6_encoder() {
    return std::make_unique<CycloneDxEncoder>("1.6");
}

} // namespace bulla::sbom
