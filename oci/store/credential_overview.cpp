// SPDX-License-Identifier: Apache-2.0
#include "oci/store/credential_overview.hpp"

#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "base/json/json.hpp"

namespace bulla::oci {

namespace {

bool holds(json::Value entry, std::string_view name) {
    return !entry[name].string_or("").empty();
}

std::string_view kind_of(json::Value entry) {
    if (holds(entry, "registrytoken")) {
        return "registry token";
    }
    if (holds(entry, "identitytoken")) {
        return "identity token";
    }
    return holds(entry, "auth") || holds(entry, "password") ? "password" : "empty";
}

CredentialOverview list_or_explain(Result<Bytes> json, const std::string& place) {
    auto listed = json ? list_config(*json, place) : Result<CredentialOverview>(json.error());
    if (listed) {
        return std::move(*listed);
    }
    return {.place = place, .problem = std::move(listed.error())};
}

} // namespace

Result<CredentialOverview> list_config(ByteView json, std::string_view place) {
    json::ParseOptions options;
    options.max_bytes = limits::kCredentialBytes;
    options.what = place;
    const auto document = json::Document::parse(json, options);
    if (!document || !document->root().is_object()) {
        return Error{ErrorCode::configuration, "it is not a JSON object"};
    }
    const auto root = document->root();
    CredentialOverview out{.place = std::string(place), .store = root["credsStore"].string_or("")};
    for (const auto& [host, entry] : root["auths"].members()) {
        out.entries.push_back({std::string(host), std::string(kind_of(entry))});
    }
    for (const auto& [host, helper] : root["credHelpers"].members()) {
        out.entries.push_back({std::string(host), "helper", helper.string_or("")});
    }
    return out;
}

std::vector<CredentialOverview> list_credentials(const CredentialPlaces& places) {
    std::vector<CredentialOverview> out;
    if (places.required_file) {
        out.push_back(list_or_explain(read_file(*places.required_file, limits::kCredentialBytes),
                                      *places.required_file));
    }
    if (places.content) {
        out.push_back(list_or_explain(*places.content, "DOCKER_AUTH_CONFIG"));
    }
    for (const auto& path : places.files) {
        auto json = read_file(path, limits::kCredentialBytes);
        if (json || json.error().code != ErrorCode::not_found) {
            out.push_back(list_or_explain(std::move(json), path));
        }
    }
    return out;
}

} // namespace bulla::oci
