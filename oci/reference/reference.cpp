// SPDX-License-Identifier: Apache-2.0
#include "oci/reference/reference.hpp"

#include "base/core/text.hpp"
#include "oci/reference/grammar.hpp"

#include <algorithm>

namespace bulla::oci {

namespace {

constexpr std::string_view kHub = "docker.io";
constexpr std::size_t kNameBytes = 255;
constexpr std::size_t kShownBytes = 200;

Error unusable(std::string_view text, std::string why) {
    return Error{ErrorCode::usage,
                 "\"" + text::printable(text.substr(0, kShownBytes)) +
                     "\" is not an image reference: " + std::move(why)};
}

bool is_image_id(std::string_view text) {
    return text.size() == 64 && std::ranges::all_of(text, text::is_lower_hex);
}

/// Whether the first segment of a name is a registry (distribution/reference
/// "splitDockerDomain").
bool names_registry(std::string_view segment) {
    return segment == "localhost" || segment.find_first_of(".:[") != std::string_view::npos;
}

Status check_name(std::string_view text,
                  std::string_view name,
                  std::string_view registry,
                  std::string_view repository) {
    if (!grammar::is_registry(registry)) {
        return unusable(text,
                        "\"" + text::printable(registry) +
                            "\" is not a registry host with an optional port");
    }
    if (grammar::has_upper_case(repository)) {
        return unusable(text, "the repository must be in lower case")
            .with_hint("type \"" + text::to_lower(text::printable(name)) + "\"");
    }
    if (!grammar::is_repository(repository)) {
        return unusable(text,
                        "the repository \"" + text::printable(repository) +
                            "\" must be words of a-z and 0-9 joined by \".\", \"_\", \"__\", "
                            "\"-\" or \"/\"");
    }
    return ok();
}

/// Refuses what people paste and what would otherwise end in a confusing grammar error.
Status refuse_other_things(std::string_view text) {
    if (text.empty()) {
        return Error{ErrorCode::usage, "the image reference is empty"}.with_hint(
            "an image is named like \"registry.example/app:1\" or \"oci:DIR:TAG\"");
    }
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
        return unusable(text, "it starts with a URL scheme")
            .with_hint("type \"" + text::printable(text.substr(scheme + 3)) +
                       "\"; plain http is asked for with --plain-http");
    }
    if (is_image_id(text)) {
        return unusable(text, "64 hexadecimal digits are an image id, which registries do not know")
            .with_hint("type the repository too: \"NAME@sha256:" + std::string(text) + "\"");
    }
    if (std::ranges::any_of(text, text::is_space)) {
        return unusable(text, "it contains white space");
    }
    return ok();
}

} // namespace

Result<Reference> Reference::parse(std::string_view text) {
    BULLA_TRY(refuse_other_things(text));
    Reference out;
    std::string_view name = text;
    if (const auto at = name.rfind('@'); at != std::string_view::npos) {
        auto digest = Digest::parse(name.substr(at + 1));
        if (!digest) {
            return unusable(text, digest.error().message);
        }
        out.digest_ = std::move(*digest);
        name = name.substr(0, at);
    }
    const auto slash = name.rfind('/');
    const auto colon = name.rfind(':');
    const bool has_tag =
        colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
    if (has_tag) {
        const auto tag = name.substr(colon + 1);
        if (!is_valid_tag(tag)) {
            return unusable(text,
                            "the tag \"" + text::printable(tag) +
                                "\" must be at most 128 of A-Z a-z 0-9 _ . - and not start with "
                                "\".\" or \"-\"");
        }
        out.tag_ = std::string(tag);
        name = name.substr(0, colon);
    }
    if (name.empty()) {
        return unusable(text, "the repository is missing");
    }
    std::string_view repository = name;
    std::string_view registry = kHub;
    const auto first_slash = name.find('/');
    if (first_slash != std::string_view::npos && names_registry(name.substr(0, first_slash))) {
        registry = name.substr(0, first_slash);
        repository = name.substr(first_slash + 1);
    }
    BULLA_TRY(check_name(text, name, registry, repository));
    out.registry_ = text::to_lower(registry);
    out.repository_ = std::string(repository);
    if (out.registry_ == "index.docker.io" || out.registry_ == "registry-1.docker.io") {
        out.registry_ = kHub;
    }
    if (out.registry_ == kHub && repository.find('/') == std::string_view::npos) {
        out.repository_ = "library/" + out.repository_;
    }
    if (out.name().size() > kNameBytes) {
        return unusable(text, "the name is longer than " + std::to_string(kNameBytes) + " bytes");
    }
    if (!out.tag_ && !out.digest_) {
        out.tag_ = "latest";
        out.tag_is_default_ = true;
    }
    return out;
}

Result<Reference> Reference::parse_registry(std::string_view text) {
    const auto refused = [&](std::string_view why) {
        return Error{ErrorCode::usage,
                     "\"" + text::printable(text.substr(0, kShownBytes)) +
                         "\" is not a registry: " + std::string(why)}
            .with_hint("a registry is named like \"registry.example:5000\" or \"docker.io\"");
    };
    std::string_view rest = text;
    for (const std::string_view scheme : {"https://", "http://"}) {
        rest.remove_prefix(rest.starts_with(scheme) ? scheme.size() : 0);
    }
    const std::string_view host = text::take_until(rest, '/');
    if (!rest.empty() && rest != "v1" && rest != "v1/" && rest != "v2" && rest != "v2/") {
        return refused("it names a repository, and one logs in to the whole registry");
    }
    if (!grammar::is_registry(host) || host.size() > kNameBytes) {
        return refused("it must be a host with an optional port");
    }
    if (!names_registry(host)) {
        return refused("an image reference would take it for a part of a repository's name");
    }
    Reference out;
    out.registry_ = text::to_lower(host);
    if (out.registry_ == "index.docker.io" || out.registry_ == "registry-1.docker.io") {
        out.registry_ = kHub;
    }
    return out;
}

std::string Reference::name() const {
    return registry_ + "/" + repository_;
}

std::string Reference::version() const {
    return digest_ ? digest_->to_string() : tag_.value_or("latest");
}

std::string Reference::to_string() const {
    std::string out = name();
    if (tag_) {
        out += ":" + *tag_;
    }
    if (digest_) {
        out += "@" + digest_->to_string();
    }
    return out;
}

Reference Reference::at(Digest digest) const {
    Reference out = *this;
    out.tag_.reset();
    out.tag_is_default_ = false;
    out.digest_ = std::move(digest);
    return out;
}

Reference Reference::at_tag(std::string tag) const {
    Reference out = *this;
    out.tag_ = std::move(tag);
    out.tag_is_default_ = false;
    out.digest_.reset();
    return out;
}

bool is_valid_tag(std::string_view text) {
    const auto word = [](char c) { return text::is_alnum(c) || c == '_'; };
    return !text.empty() && text.size() <= 128 && word(text.front()) &&
           std::ranges::all_of(text, [&](char c) { return word(c) || c == '.' || c == '-'; });
}

bool is_loopback(std::string_view registry) {
    const auto host = text::to_lower(grammar::host_of(registry));
    if (host == "localhost" || host.ends_with(".localhost") || host == "::1") {
        return true;
    }
    const auto parts = text::split(host, '.');
    return parts.size() == 4 && parts[0] == "127" && std::ranges::all_of(parts, [](auto part) {
               const auto number = text::parse_unsigned(part);
               return number && *number <= 255 && part.size() <= 3;
           });
}

} // namespace bulla::oci
