// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_registry.hpp"

#include "base/crypto/hasher.hpp"

namespace bulla::test {

namespace {

HttpReply missing(const std::string& code) {
    return HttpReply{.status = 404,
                     .headers = {{"Content-Type", "application/json"}},
                     .body = R"({"errors":[{"code":")" + code + R"(","message":"not here"}]})"};
}

std::string unescape_colon(std::string text) {
    if (const auto at = text.find("%3A"); at != std::string::npos) {
        text.replace(at, 3, ":");
    }
    return text;
}

} // namespace

FakeRegistry::FakeRegistry()
    : server_([this](const HttpRequest& request) {
          if (intercept) {
              if (auto reply = intercept(request)) {
                  return *reply;
              }
          }
          return answer(request);
      }) {}

void FakeRegistry::add_manifest(const std::string& tag,
                                const std::string& type,
                                const std::string& bytes) {
    manifests[crypto::digest(bytes).to_string()] = {type, bytes};
    if (!tag.empty()) {
        manifests[tag] = {type, bytes};
    }
}

std::string FakeRegistry::add_blob(const std::string& bytes) {
    std::string digest = crypto::digest(bytes).to_string();
    blobs[digest] = bytes;
    return digest;
}

HttpReply FakeRegistry::answer_manifest(const HttpRequest& request, const std::string& version) {
    if (request.method == "PUT") {
        const std::string tag = version.find(':') == std::string::npos ? version : std::string();
        add_manifest(tag, request.header("Content-Type"), request.body);
        return HttpReply{.status = 201};
    }
    const auto found = manifests.find(version);
    // As docker-registry 2.8: a type that was not asked for is not there.
    if (found == manifests.end() ||
        request.header("Accept").find(found->second.type) == std::string::npos) {
        return missing("MANIFEST_UNKNOWN");
    }
    return HttpReply{.headers = {{"Content-Type", found->second.type}},
                     .body = found->second.bytes};
}

HttpReply FakeRegistry::answer_upload(const HttpRequest& request) {
    if (request.method == "POST") {
        streamed_.clear();
        return HttpReply{.status = 202,
                         .headers = {{"Location", "/v2/app/blobs/uploads/1?_state=a%2Bb=="}}};
    }
    if (request.method == "PATCH") {
        streamed_ += request.body;
        return HttpReply{.status = 202,
                         .headers = {{"Location", "/v2/app/blobs/uploads/1?_state=sent"}}};
    }
    const auto at = request.target.find("digest=");
    if (request.method != "PUT" || at == std::string::npos) {
        return HttpReply{.status = 204};
    }
    const std::string digest = unescape_colon(request.target.substr(at + 7));
    const std::string content = streamed_ + request.body;
    if (crypto::digest(content).to_string() != digest) {
        return HttpReply{.status = 400};
    }
    blobs[digest] = content;
    return HttpReply{.status = 201};
}

HttpReply FakeRegistry::answer(const HttpRequest& request) {
    const std::string& target = request.target;
    const auto rest_after = [&](std::string_view prefix) {
        return target.starts_with(prefix) ? std::optional(target.substr(prefix.size()))
                                          : std::nullopt;
    };
    if (target == "/v2/") {
        return HttpReply{.body = "{}"};
    }
    if (const auto version = rest_after("/v2/app/manifests/")) {
        return answer_manifest(request, *version);
    }
    if (target.starts_with("/v2/app/blobs/uploads/")) {
        return answer_upload(request);
    }
    if (const auto digest = rest_after("/v2/app/blobs/")) {
        const auto found = blobs.find(*digest);
        return found == blobs.end() ? missing("BLOB_UNKNOWN") : HttpReply{.body = found->second};
    }
    return HttpReply{.status = 404, .body = "404 page not found"};
}

} // namespace bulla::test
