// SPDX-License-Identifier: Apache-2.0
#include "oci/store/credential_file.hpp"

#include "base/core/text.hpp"
#include "base/json/json.hpp"

#include <algorithm>

namespace bulla::oci {

namespace {

constexpr std::string_view kHub = "docker.io";
constexpr std::string_view kHubServer = "https://index.docker.io/v1/";

struct Key {
    std::string host;
    std::string space; ///< the namespace, without slashes at its ends
};

/// "https://host/v1/", "host:port" and "host/team" all name a registry, the last a part of one.
Key parse_key(std::string_view key) {
    if (const auto scheme = key.find("://"); scheme != std::string_view::npos) {
        key = key.substr(scheme + 3);
    }
    Key out;
    out.host = text::to_lower(text::take_until(key, '/'));
    while (key.ends_with('/')) {
        key.remove_suffix(1);
    }
    if (key != "v1" && key != "v2") {
        out.space = std::string(key);
    }
    if (out.host == "index.docker.io" || out.host == "registry-1.docker.io") {
        out.host = kHub;
    }
    return out;
}

bool covers(const Key& key, std::string_view registry, std::string_view repository) {
    if (key.host != registry) {
        return false;
    }
    return key.space.empty() || repository == key.space ||
           (repository.starts_with(key.space) && repository[key.space.size()] == '/');
}

/// The member of `object` whose key covers the repository most closely.
json::Value
find_member(json::Value object, std::string_view registry, std::string_view repository) {
    json::Value best;
    std::size_t best_length = 0;
    for (const auto& [name, value] : object.members()) {
        const Key key = parse_key(name);
        if (covers(key, registry, repository) && (!best || key.space.size() > best_length)) {
            best = value;
            best_length = key.space.size();
        }
    }
    return best;
}

std::optional<Login> read_entry(json::Value entry, bool& damaged) {
    Login out;
    out.username = entry["username"].string_or("");
    out.password = http::Credential(entry["password"].string_or(""));
    out.identity_token = http::Credential(entry["identitytoken"].string_or(""));
    out.registry_token = http::Credential(entry["registrytoken"].string_or(""));
    if (const auto packed = entry["auth"].string(); packed && !packed->empty()) {
        auto plain = text::from_base64(text::trim(*packed), text::Base64::any_variant);
        const auto colon = plain ? plain->find(':') : std::string::npos;
        if (colon == std::string::npos) {
            damaged = true;
            return std::nullopt;
        }
        out.username = plain->substr(0, colon);
        out.password = http::Credential(plain->substr(colon + 1));
    }
    return out.empty() ? std::optional<Login>() : out;
}

Error unusable(std::string_view what, std::string why) {
    return Error{ErrorCode::configuration,
                 "the credentials in " + std::string(what) + " cannot be used: " + std::move(why)};
}

} // namespace

bool names_registry(std::string_view key, std::string_view registry) {
    const Key parsed = parse_key(key);
    return parsed.host == registry && parsed.space.empty();
}

std::string server_of(std::string_view registry) {
    return std::string(registry == kHub ? kHubServer : registry);
}

bool is_helper_suffix(std::string_view text) {
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
        return text::is_alnum(c) || c == '.' || c == '_' || c == '-';
    });
}

namespace {

Result<json::Document> parse_config(ByteView json, std::string_view what) {
    json::ParseOptions options;
    options.max_bytes = limits::kCredentialBytes;
    options.what = what;
    auto document = json::Document::parse(json, options);
    if (!document || !document->root().is_object()) {
        return unusable(what, "it is not a JSON object");
    }
    return document;
}

/// The answer without what auths says.
Result<CredentialAnswer> find_helpers(json::Value root,
                                      std::string_view registry,
                                      std::string_view repository,
                                      std::string_view what) {
    CredentialAnswer out;
    out.server = server_of(registry);
    out.helper = find_member(root["credHelpers"], registry, repository).string_or("");
    out.store = root["credsStore"].string_or("");
    for (const std::string& suffix : {out.helper, out.store}) {
        if (!suffix.empty() && !is_helper_suffix(suffix)) {
            return unusable(
                what, "\"" + text::printable(suffix) + "\" is not the name of a credential helper");
        }
    }
    return out;
}

} // namespace

Result<std::string>
find_helper_in_config(ByteView json, std::string_view registry, std::string_view what) {
    BULLA_TRY_ASSIGN(const auto document, parse_config(json, what));
    BULLA_TRY_ASSIGN(CredentialAnswer found, find_helpers(document.root(), registry, "", what));
    return found.helper.empty() ? std::move(found.store) : std::move(found.helper);
}

Result<CredentialAnswer> find_in_config(ByteView json,
                                        std::string_view registry,
                                        std::string_view repository,
                                        std::string_view what) {
    BULLA_TRY_ASSIGN(const auto document, parse_config(json, what));
    const json::Value root = document.root();
    BULLA_TRY_ASSIGN(CredentialAnswer out, find_helpers(root, registry, repository, what));
    bool damaged = false;
    out.login = read_entry(find_member(root["auths"], registry, repository), damaged);
    if (damaged) {
        return unusable(what,
                        "the entry for " + text::printable(registry) +
                            " has an \"auth\" that is not base64 of user:password");
    }
    return out;
}

} // namespace bulla::oci
