// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/http/curl_client.hpp"
#include "oci/store/registry_repository.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_registry.hpp"
#include "tests/support/memory_repository.hpp"

namespace bulla::oci {
namespace {

using test::error_of;
using test::FakeRegistry;
using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using test::put_artifact;
using test::put_image;
using test::value_of;
using Reply = std::optional<HttpReply>;

/// One login for everything.
class OneLogin final : public CredentialSource {
  public:
    explicit OneLogin(Login login = {}) : login_(std::move(login)) {}

    Result<Login> find(std::string_view, std::string_view, Access) override { return login_; }

    std::string places() const override { return "a test"; }

  private:
    Login login_;
};

Login user(std::string name, std::string password) {
    Login login;
    login.username = std::move(name);
    login.password = http::Credential(std::move(password));
    return login;
}

/// A client and a repository of the fake registry.
struct Client {
    explicit Client(const FakeRegistry& registry, Login login = {})
        : Client(registry.repository(), std::move(login)) {}

    explicit Client(const std::string& repository, Login login = {})
        : credentials(std::move(login)), http(http::make_curl_client(quick())),
          store(value_of(open_registry(value_of(Reference::parse(repository)),
                                       {.client = *http, .credentials = credentials}))) {}

    static http::ClientOptions quick() {
        http::ClientOptions options;
        options.first_pause = std::chrono::milliseconds(1);
        options.retries = 1;
        return options;
    }

    OneLogin credentials;
    std::unique_ptr<http::HttpClient> http;
    std::unique_ptr<Repository> store;
};

const std::string kIndexType{media_type::kIndex};
const std::string kManifestType{media_type::kManifest};

TEST_CASE("registry: an image is pushed and pulled", "[oci][registry]") {
    FakeRegistry registry;
    const Client client(registry);
    const StoredManifest image = put_image(*client.store, "layer", "v1");
    CHECK(value_of(client.store->fetch_tag("v1")).bytes == image.bytes);
    const Manifest manifest = value_of(parse_manifest(image.bytes, kManifestType));
    CHECK(value_of(fetch_blob(*client.store, manifest.layers[0], 100, "it")) == "layer");
    CHECK(error_of(client.store->fetch_tag("v2")).code == ErrorCode::not_found);
}

TEST_CASE("registry: the query of an upload's Location comes back byte for byte",
          "[oci][registry]") {
    FakeRegistry registry;
    const Client client(registry);
    const Descriptor blob = value_of(put_bytes(*client.store, "a/b", "content"));
    CHECK(registry.server().count("PUT /v2/app/blobs/uploads/1?_state=a%2Bb==&digest=sha256%3A" +
                                  blob.digest.hex()) == 1);
}

TEST_CASE("registry: an upload may go to another host, without our credentials",
          "[oci][registry][auth]") {
    HttpServer storage([](const HttpRequest&) { return HttpReply{.status = 201}; });
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (request.header("Authorization").empty()) {
            return HttpReply{.status = 401, .headers = {{"WWW-Authenticate", "Basic realm=x"}}};
        }
        if (request.method == "POST") {
            return HttpReply{.status = 202, .headers = {{"Location", storage.url() + "/up?s=1"}}};
        }
        return std::nullopt;
    };
    const Client client(registry, user("me", "pw"));
    value_of(put_bytes(*client.store, "a/b", "content"));
    REQUIRE(storage.requests().size() == 1);
    CHECK(storage.requests()[0].body == "content");
    CHECK(storage.requests()[0].header("Authorization").empty());
}

TEST_CASE("registry: a failed upload's session is cancelled", "[oci][registry]") {
    FakeRegistry registry;
    registry.intercept = [](const HttpRequest& request) -> Reply {
        return request.method == "PUT" ? Reply(HttpReply{.status = 400}) : std::nullopt;
    };
    const Client client(registry);
    MemoryReader content("content");
    const auto status = client.store->put_blob(describe("a/b", "content"), content);
    CHECK(error_of(status).code == ErrorCode::unavailable);
    CHECK(registry.server().count("DELETE /v2/app/blobs/uploads/1?_state=a%2Bb==") == 1);
}

TEST_CASE("registry: a large upload that does not verify is not completed",
          "[oci][registry][integrity]") {
    FakeRegistry registry;
    const Client client(registry);
    const std::string content(5 * limits::kMiB, 'x');
    std::string other = content;
    other.back() = 'y';
    MemoryReader reader(other);
    CHECK(error_of(client.store->put_blob(describe("a/b", content), reader)).code ==
          ErrorCode::integrity);
    CHECK(registry.blobs.empty());
    // Under the name that the answer to the content gave the session.
    CHECK(registry.server().count("DELETE /v2/app/blobs/uploads/1?_state=sent") == 1);
    CHECK(registry.server().count("DELETE /v2/app/blobs/uploads/1?_state=a%2Bb==") == 0);
    MemoryReader right(content);
    CHECK(client.store->put_blob(describe("a/b", content), right).has_value());
    CHECK(registry.blobs.size() == 1);
}

/// A blob of the repository "lib" on the same registry, and what is asked for it.
struct Mount {
    FakeRegistry registry;
    Descriptor blob = describe("a/b", "content");

    std::string request() const {
        return "POST /v2/app/blobs/uploads/?mount=sha256%3A" + blob.digest.hex() + "&from=lib";
    }

    Client lib() const { return Client(registry.host() + "/lib"); }
};

TEST_CASE("registry: a blob of another repository is mounted and not sent", "[oci][registry]") {
    Mount mount;
    mount.registry.intercept = [&](const HttpRequest& request) -> Reply {
        return request.line() == mount.request() ? Reply(HttpReply{.status = 201}) : std::nullopt;
    };
    const Client lib = mount.lib();
    const Client app(mount.registry);
    CHECK(app.store->mount_blob(mount.blob, *lib.store));
    for (const auto& request : mount.registry.server().requests()) {
        CHECK(request.method != "PUT");
        CHECK(request.method != "DELETE");
    }
}

TEST_CASE("registry: a session that was opened instead of a mount is used for the upload",
          "[oci][registry]") {
    Mount mount;
    const Client lib = mount.lib();
    const Client app(mount.registry);
    CHECK_FALSE(app.store->mount_blob(mount.blob, *lib.store));
    MemoryReader content("content");
    value_of(app.store->put_blob(mount.blob, content));
    CHECK(mount.registry.blobs.contains(mount.blob.digest.to_string()));
    CHECK(mount.registry.server().count(mount.request()) == 1);
    CHECK(mount.registry.server().count("POST /v2/app/blobs/uploads/") == 0);
    CHECK(mount.registry.server().count("DELETE /v2/app/blobs/uploads/1?_state=a%2Bb==") == 0);
}

TEST_CASE("registry: a session that was opened instead of a mount and not used is cancelled",
          "[oci][registry]") {
    Mount mount;
    {
        const Client lib = mount.lib();
        const Client app(mount.registry);
        CHECK_FALSE(app.store->mount_blob(mount.blob, *lib.store));
    }
    CHECK(mount.registry.server().count("DELETE /v2/app/blobs/uploads/1?_state=a%2Bb==") == 1);
}

TEST_CASE("registry: a refused mount is asked for once and fails nothing", "[oci][registry]") {
    const int status = GENERATE(400, 401, 403, 404, 405, 500);
    Mount mount;
    mount.registry.intercept = [&](const HttpRequest& request) -> Reply {
        return request.target.find("mount=") != std::string::npos
                   ? Reply(HttpReply{.status = status})
                   : std::nullopt;
    };
    const Client lib = mount.lib();
    const Client app(mount.registry);
    CHECK_FALSE(app.store->mount_blob(mount.blob, *lib.store));
    CHECK_FALSE(app.store->mount_blob(mount.blob, *lib.store));
    CHECK(mount.registry.server().count(mount.request()) == 1);
    MemoryReader content("content");
    value_of(app.store->put_blob(mount.blob, content));
    CHECK(mount.registry.blobs.contains(mount.blob.digest.to_string()));
}

TEST_CASE("registry: nothing is mounted from elsewhere or from the repository itself",
          "[oci][registry]") {
    Mount mount;
    FakeRegistry elsewhere;
    const Client app(mount.registry);
    CHECK_FALSE(app.store->mount_blob(mount.blob, *Client(elsewhere).store));
    CHECK_FALSE(app.store->mount_blob(mount.blob, *Client(mount.registry).store));
    CHECK(mount.registry.server().requests().empty());
    CHECK(elsewhere.server().requests().empty());
}

TEST_CASE("registry: a blob behind a redirect is read without our credentials",
          "[oci][registry][auth]") {
    HttpServer storage([](const HttpRequest&) { return HttpReply{.body = "content"}; });
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (request.header("Authorization").empty()) {
            return HttpReply{.status = 401, .headers = {{"WWW-Authenticate", "Basic realm=x"}}};
        }
        return HttpReply{.status = 307, .headers = {{"Location", storage.url() + "/b"}}};
    };
    const Client client(registry, user("me", "pw"));
    CHECK(value_of(fetch_blob(*client.store, describe("a/b", "content"), 100, "it")) == "content");
    CHECK(storage.requests()[0].header("Authorization").empty());
}

TEST_CASE("registry: a host behind a redirect cannot ask for our credentials",
          "[oci][registry][auth][regression]") {
    HttpServer thief([](const HttpRequest&) { return HttpReply{.body = R"({"token":"t"})"}; });
    HttpServer storage([&](const HttpRequest&) {
        return HttpReply{
            .status = 401,
            .headers = {{"WWW-Authenticate", "Bearer realm=\"" + thief.url() + "/token\""}}};
    });
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (request.target.starts_with("/v2/app/manifests/")) {
            return HttpReply{.status = 307, .headers = {{"Location", storage.url() + "/m"}}};
        }
        return std::nullopt;
    };
    const Client client(registry, user("me", "pw"));
    CHECK(error_of(client.store->fetch_tag("1")).code == ErrorCode::unavailable);
    CHECK(thief.requests().empty());
}

/// Answers token requests and demands the latest token.
struct TokenIssuer {
    explicit TokenIssuer(int life) : lifetime(life) {}

    Reply operator()(const HttpRequest& request) {
        if (request.target.starts_with("/token")) {
            ++issued;
            token_requests.push_back(request);
            return HttpReply{.body = R"({"token":"t)" + std::to_string(issued) +
                                     R"(","expires_in":)" + std::to_string(lifetime) + "}"};
        }
        const std::string expected = "Bearer t" + std::to_string(issued);
        if (issued == 0 || request.header("Authorization") != expected) {
            return HttpReply{.status = 401,
                             .headers = {{"WWW-Authenticate",
                                          "Bearer realm=\"http://" + request.header("Host") +
                                              "/token\",service=\"svc\",scope=\"repository:app:"
                                              "pull\""}}};
        }
        return std::nullopt;
    }

    int lifetime;
    int issued = 0;
    std::vector<HttpRequest> token_requests{};
};

TEST_CASE("registry: a token is asked for once and for what is to be done",
          "[oci][registry][auth]") {
    FakeRegistry registry;
    TokenIssuer issuer(300);
    registry.intercept = [&](const HttpRequest& request) { return issuer(request); };
    const Client client(registry, user("me", "pw"));
    put_image(*client.store, "layer", "v1");
    value_of(client.store->fetch_tag("v1"));
    REQUIRE(issuer.token_requests.size() == 1);
    CHECK(issuer.token_requests[0].target ==
          "/token?service=svc&scope=repository%3Aapp%3Apull%2Cpush&account=me");
    CHECK(issuer.token_requests[0].header("Authorization") == "Basic " + text::to_base64("me:pw"));
}

TEST_CASE("registry: without credentials an anonymous token is asked for",
          "[oci][registry][auth]") {
    FakeRegistry registry;
    registry.add_manifest("v1", kIndexType, R"({"schemaVersion":2,"manifests":[]})");
    TokenIssuer issuer(300);
    registry.intercept = [&](const HttpRequest& request) { return issuer(request); };
    const Client client(registry);
    value_of(client.store->fetch_tag("v1"));
    CHECK(issuer.token_requests[0].target == "/token?service=svc&scope=repository%3Aapp%3Apull");
    CHECK(issuer.token_requests[0].header("Authorization").empty());
}

TEST_CASE("registry: a token that expired is renewed", "[oci][registry][auth]") {
    FakeRegistry registry;
    registry.add_manifest("v1", kIndexType, R"({"schemaVersion":2,"manifests":[]})");
    TokenIssuer issuer(300);
    registry.intercept = [&](const HttpRequest& request) { return issuer(request); };
    const Client client(registry);
    value_of(client.store->fetch_tag("v1"));
    issuer.issued = 5; // the registry has forgotten the first token
    CHECK(client.store->fetch_tag("v1").has_value());
    CHECK(issuer.token_requests.size() == 2);
}

TEST_CASE("registry: an identity token is exchanged by POST and never put into the URL",
          "[oci][registry][auth]") {
    FakeRegistry registry;
    registry.add_manifest("v1", kIndexType, R"({"schemaVersion":2,"manifests":[]})");
    TokenIssuer issuer(300);
    registry.intercept = [&](const HttpRequest& request) { return issuer(request); };
    Login login;
    login.identity_token = http::Credential("long lived/secret");
    const Client client(registry, login);
    value_of(client.store->fetch_tag("v1"));
    CHECK(issuer.token_requests[0].line() == "POST /token");
    CHECK(issuer.token_requests[0].body.find("grant_type=refresh_token&refresh_token="
                                             "long%20lived%2Fsecret&service=svc") == 0);
}

TEST_CASE("registry: credentials that are refused are an error that says where they came from",
          "[oci][registry][auth]") {
    FakeRegistry registry;
    registry.intercept = [](const HttpRequest&) -> Reply {
        return HttpReply{.status = 401, .headers = {{"WWW-Authenticate", "Basic realm=\"r\""}}};
    };
    const Client client(registry, user("me", "wrong"));
    const Error error = error_of(client.store->fetch_tag("v1"));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.hint.find("bulla-oci login") != std::string::npos);
    CHECK(error.message.find("wrong") == std::string::npos);
}

TEST_CASE("registry: referrers are read page by page and filtered", "[oci][registry]") {
    test::MemoryRepository memory;
    const StoredManifest image = put_image(memory, "layer", "v1");
    const auto page = [](const std::string& type, const std::string& bytes) {
        Descriptor entry = describe(kManifestType, bytes);
        entry.artifact_type = type;
        const Index index{.media_type = kIndexType, .manifests = {entry}};
        return encode(index);
    };
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        const std::string base = "/v2/app/referrers/" + image.descriptor.digest.to_string();
        if (request.target == base) {
            return HttpReply{.headers = {{"Content-Type", kIndexType},
                                         {"Link", "<" + base + "?p=2>; rel=\"next\""}},
                             .body = page("a/b", "1")};
        }
        if (request.target == base + "?p=2") {
            return HttpReply{.headers = {{"Content-Type", kIndexType}}, .body = page("c/d", "2")};
        }
        return std::nullopt;
    };
    const Client client(registry);
    CHECK(value_of(client.store->list_referrers(image.descriptor.digest, "")).size() == 2);
    const auto filtered = value_of(client.store->list_referrers(image.descriptor.digest, "c/d"));
    REQUIRE(filtered.size() == 1);
    CHECK(filtered[0].digest == describe("", "2").digest);
}

TEST_CASE("registry: a next page on another host is not fetched", "[oci][registry]") {
    HttpServer other([](const HttpRequest&) { return HttpReply{}; });
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (!request.target.starts_with("/v2/app/referrers/")) {
            return std::nullopt;
        }
        return HttpReply{.headers = {{"Content-Type", kIndexType},
                                     {"Link", "<" + other.url() + "/x>; rel=\"next\""}},
                         .body = R"({"schemaVersion":2,"manifests":[]})"};
    };
    const Client client(registry);
    CHECK(error_of(client.store->list_referrers(describe("", "x").digest, "")).code ==
          ErrorCode::unavailable);
    CHECK(other.connections() == 0);
}

TEST_CASE("registry: a redirect to a web page means that there is no referrers API",
          "[oci][registry]") {
    HttpServer website([](const HttpRequest&) { return HttpReply{.status = 429}; });
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (!request.target.starts_with("/v2/app/referrers/")) {
            return std::nullopt;
        }
        return HttpReply{.status = 303, .headers = {{"Location", website.url() + "/page"}}};
    };
    const Client client(registry);
    CHECK(value_of(client.store->list_referrers(describe("", "x").digest, "")).empty());
    CHECK(website.connections() == 0);
}

TEST_CASE("registry: an HTML page with status 200 means that there is no referrers API",
          "[oci][registry]") {
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (!request.target.starts_with("/v2/app/referrers/")) {
            return std::nullopt;
        }
        return HttpReply{.headers = {{"Content-Type", "text/html"}}, .body = "<html>"};
    };
    const Client client(registry);
    CHECK(value_of(client.store->list_referrers(describe("", "x").digest, "")).empty());
}

TEST_CASE("registry: what hinders a listing is never an empty list", "[oci][registry]") {
    for (const int status : {429, 500, 503, 401, 403}) {
        CAPTURE(status);
        FakeRegistry registry;
        registry.intercept = [&](const HttpRequest& request) -> Reply {
            return request.target == "/v2/" ? std::nullopt : Reply(HttpReply{.status = status});
        };
        const Client client(registry);
        CHECK(error_of(client.store->list_referrers(describe("", "x").digest, "")).code ==
              ErrorCode::unavailable);
    }
}

TEST_CASE("registry: a throttled fallback tag is never an empty list", "[oci][registry]") {
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        return request.target.starts_with("/v2/app/manifests/")
                   ? Reply(HttpReply{.status = 429, .headers = {{"Retry-After", "3600"}}})
                   : std::nullopt;
    };
    const Client client(registry);
    const Error error = error_of(client.store->list_referrers(describe("", "x").digest, ""));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.message.find("throttles") != std::string::npos);
}

TEST_CASE("registry: a repository that does not exist is not found", "[oci][registry]") {
    FakeRegistry registry;
    registry.intercept = [](const HttpRequest& request) -> Reply {
        if (request.target == "/v2/") {
            return std::nullopt;
        }
        return HttpReply{.status = 404, .body = R"({"errors":[{"code":"NAME_UNKNOWN"}]})"};
    };
    const Client client(registry);
    CHECK(error_of(client.store->list_referrers(describe("", "x").digest, "")).code ==
          ErrorCode::not_found);
}

TEST_CASE("registry: without the API the fallback tag lists type and annotations",
          "[oci][registry]") {
    FakeRegistry registry;
    const Client client(registry);
    const StoredManifest image = put_image(*client.store, "layer", "v1");
    const StoredManifest first = put_artifact(*client.store, image.descriptor, "a/b", "1");
    const StoredManifest second = put_artifact(*client.store, image.descriptor, "c/d", "2");
    const auto stored = registry.manifests.at(referrers_tag(image.descriptor.digest));
    CHECK(stored.type == kIndexType);
    const Index index = value_of(parse_index(stored.bytes, kIndexType));
    REQUIRE(index.manifests.size() == 2);
    CHECK(index.manifests[0].digest < index.manifests[1].digest);
    for (const Descriptor& entry : index.manifests) {
        CHECK(entry.artifact_type == (entry.digest == first.descriptor.digest ? "a/b" : "c/d"));
        CHECK(entry.annotations.at("org.example.note") == "kept");
    }
    const auto found = value_of(client.store->list_referrers(image.descriptor.digest, "c/d"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].digest == second.descriptor.digest);
}

TEST_CASE("registry: an entry that another writer lost is written again", "[oci][registry]") {
    FakeRegistry registry;
    const Client client(registry);
    const StoredManifest image = put_image(*client.store, "layer", "v1");
    const std::string tag = referrers_tag(image.descriptor.digest);
    const Index others{.media_type = kIndexType,
                       .manifests = {describe(kManifestType, "another writer's")}};
    int overwritten = 0;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (request.line() == "PUT /v2/app/manifests/" + tag && ++overwritten <= 2) {
            registry.answer(request);
            registry.add_manifest(tag, kIndexType, encode(others)); // read before ours was there
            return HttpReply{.status = 201};
        }
        return std::nullopt;
    };
    const StoredManifest artifact = put_artifact(*client.store, image.descriptor, "a/b", "1");
    const Index index = value_of(parse_index(registry.manifests.at(tag).bytes, kIndexType));
    CHECK(overwritten == 3);
    REQUIRE(index.manifests.size() == 2);
    CHECK(std::ranges::count(index.manifests, artifact.descriptor.digest, &Descriptor::digest) ==
          1);
    CHECK(std::ranges::count(index.manifests, others.manifests[0].digest, &Descriptor::digest) ==
          1);
}

TEST_CASE("registry: a manifest whose blob somebody else is uploading is stored at another attempt",
          "[oci][registry]") {
    FakeRegistry registry;
    const Client client(registry);
    int refused = 0;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (request.line() == "PUT /v2/app/manifests/v1" && ++refused <= 2) {
            return HttpReply{.status = 400, .body = R"({"errors":[{"code":"DIGEST_INVALID"}]})"};
        }
        return std::nullopt;
    };
    put_image(*client.store, "layer", "v1");
    CHECK(refused == 3);
    CHECK(registry.manifests.contains("v1"));
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (request.method == "PUT" && request.target.find("/manifests/") != std::string::npos) {
            return HttpReply{.status = 400, .body = R"({"errors":[{"code":"MANIFEST_INVALID"}]})"};
        }
        return std::nullopt;
    };
    const StoredManifest again = value_of(client.store->fetch_tag("v1"));
    CHECK(error_of(client.store->put_manifest(again, "v2")).code == ErrorCode::unavailable);
    CHECK(registry.server().count("PUT /v2/app/manifests/v2") == 1);
}

TEST_CASE("registry: a fallback tag that holds an image is not overwritten", "[oci][registry]") {
    FakeRegistry registry;
    const Client client(registry);
    const StoredManifest image = put_image(*client.store, "layer", "v1");
    const std::string tag = referrers_tag(image.descriptor.digest);
    put_image(*client.store, "in the way", tag);
    const std::string before = registry.manifests.at(tag).bytes;
    Manifest artifact = value_of(parse_manifest(image.bytes, kManifestType));
    artifact.subject = image.descriptor;
    const Bytes bytes = encode(artifact);
    const auto status = client.store->put_manifest({describe(kManifestType, bytes), bytes}, "");
    CHECK(error_of(status).code == ErrorCode::malformed);
    CHECK(registry.manifests.at(tag).bytes == before);
    CHECK(error_of(client.store->list_referrers(image.descriptor.digest, "")).code ==
          ErrorCode::malformed);
}

TEST_CASE("registry: entries that we do not know stay in the fallback list as they were",
          "[oci][registry]") {
    FakeRegistry registry;
    const Client client(registry);
    const StoredManifest image = put_image(*client.store, "layer", "v1");
    const std::string tag = referrers_tag(image.descriptor.digest);
    const std::string foreign = R"({"mediaType":"x/y","digest":")" +
                                describe("", "foreign").digest.to_string() +
                                R"(","size":7,"urls":["u"]})";
    registry.add_manifest(
        tag, kIndexType, R"({"schemaVersion":2,"custom":true,"manifests":[)" + foreign + "]}");
    put_artifact(*client.store, image.descriptor, "a/b", "1");
    const std::string after = registry.manifests.at(tag).bytes;
    CHECK(after.find(foreign) != std::string::npos);
    CHECK(after.find(R"("custom":true)") != std::string::npos);
}

TEST_CASE("registry: a fallback entry without its type is completed from the manifest",
          "[oci][registry]") {
    FakeRegistry registry;
    const Client client(registry);
    const StoredManifest image = put_image(*client.store, "layer", "v1");
    const StoredManifest artifact = put_artifact(*client.store, image.descriptor, "a/b", "1");
    const Index bare{.media_type = kIndexType, .manifests = {artifact.descriptor}};
    registry.add_manifest(referrers_tag(image.descriptor.digest), kIndexType, encode(bare));
    const auto found = value_of(client.store->list_referrers(image.descriptor.digest, "a/b"));
    REQUIRE(found.size() == 1);
    CHECK(found[0].annotations.at("org.example.note") == "kept");
}

TEST_CASE("registry: with the API the fallback tag is not written", "[oci][registry]") {
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (request.target.starts_with("/v2/app/referrers/")) {
            return HttpReply{.headers = {{"Content-Type", kIndexType}},
                             .body = R"({"schemaVersion":2,"manifests":[]})"};
        }
        if (request.method == "PUT" && request.target.starts_with("/v2/app/manifests/")) {
            HttpReply reply = registry.answer(request);
            reply.headers.emplace_back("OCI-Subject", "sha256:x");
            return reply;
        }
        return std::nullopt;
    };
    const Client client(registry);
    const StoredManifest image = put_image(*client.store, "layer", "v1");
    put_artifact(*client.store, image.descriptor, "a/b", "1");
    CHECK_FALSE(registry.manifests.contains(referrers_tag(image.descriptor.digest)));
}

TEST_CASE("registry: OCI-Subject without the API is not believed", "[oci][registry]") {
    FakeRegistry registry;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (request.method == "PUT" && request.target.starts_with("/v2/app/manifests/")) {
            HttpReply reply = registry.answer(request);
            reply.headers.emplace_back("OCI-Subject", "sha256:x");
            return reply;
        }
        return std::nullopt;
    };
    const Client client(registry);
    const StoredManifest image = put_image(*client.store, "layer", "v1");
    put_artifact(*client.store, image.descriptor, "a/b", "1");
    CHECK(registry.manifests.contains(referrers_tag(image.descriptor.digest)));
}

TEST_CASE("registry: a manifest with another digest than asked for is refused",
          "[oci][registry][integrity]") {
    FakeRegistry registry;
    const Digest wanted = describe("", "wanted").digest;
    registry.manifests[wanted.to_string()] = {kIndexType, R"({"schemaVersion":2,"manifests":[]})"};
    const Client client(registry);
    CHECK(error_of(client.store->fetch_manifest(wanted)).code == ErrorCode::integrity);
}

TEST_CASE("registry: a blob of another content or length is refused",
          "[oci][registry][integrity]") {
    const Descriptor blob = describe("a/b", "content");
    for (const char* found : {"CONTENT", "conten", "contents"}) {
        CAPTURE(found);
        FakeRegistry registry;
        registry.blobs[blob.digest.to_string()] = found;
        const Client client(registry);
        CHECK(error_of(fetch_blob(*client.store, blob, 100, "it")).code == ErrorCode::integrity);
    }
}

/// Sends the first half of a blob and breaks off, then `second` to whoever asks for the rest.
std::string
resumed(const std::string& content, const std::function<HttpReply()>& second, std::string& asked) {
    FakeRegistry registry;
    int requests = 0;
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        if (!request.target.starts_with("/v2/app/blobs/")) {
            return std::nullopt;
        }
        if (++requests == 1) {
            return HttpReply{.body = content.substr(0, content.size() / 2),
                             .announced_length = content.size()};
        }
        asked = request.header("Range");
        return second();
    };
    const Client client(registry);
    auto result = fetch_blob(*client.store, describe("a/b", content), 1000, "it");
    return result ? *result : std::string(to_string(result.error().code));
}

TEST_CASE("registry: a broken transfer is taken up where it broke", "[oci][registry]") {
    const std::string content = "0123456789";
    std::string asked;
    const auto partial = [&] {
        return HttpReply{.status = 206,
                         .headers = {{"Content-Range", "bytes 5-9/10"}},
                         .body = content.substr(5)};
    };
    CHECK(resumed(content, partial, asked) == content);
    CHECK(asked == "bytes=5-9");
    const auto whole = [&] { return HttpReply{.body = content}; };
    CHECK(resumed(content, whole, asked) == content);
}

TEST_CASE("registry: a part that starts elsewhere is refused", "[oci][registry][integrity]") {
    const std::string content = "0123456789";
    std::string asked;
    const auto elsewhere = [&] {
        return HttpReply{.status = 206,
                         .headers = {{"Content-Range", "bytes 4-9/10"}},
                         .body = content.substr(4)};
    };
    CHECK(resumed(content, elsewhere, asked) == "integrity");
}

TEST_CASE("registry: a second half of other content is refused", "[oci][registry][integrity]") {
    const std::string content = "0123456789";
    std::string asked;
    const auto other = [&] {
        return HttpReply{
            .status = 206, .headers = {{"Content-Range", "bytes 5-9/10"}}, .body = "56780"};
    };
    CHECK(resumed(content, other, asked) == "integrity");
}

TEST_CASE("registry: tags come from all pages, sorted", "[oci][registry]") {
    FakeRegistry registry;
    registry.intercept = [](const HttpRequest& request) -> Reply {
        if (request.target == "/v2/app/tags/list") {
            return HttpReply{.headers = {{"Link", "</v2/app/tags/list?last=b>; rel=\"next\""}},
                             .body = R"({"name":"app","tags":["b","a"]})"};
        }
        if (request.target == "/v2/app/tags/list?last=b") {
            return HttpReply{.body = R"({"name":"app","tags":["c"]})"};
        }
        return std::nullopt;
    };
    const Client client(registry);
    CHECK(value_of(client.store->list_tags()) == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("registry: more tags than a repository has are not taken in", "[oci][registry]") {
    FakeRegistry registry;
    std::string body = R"({"tags":["a")";
    for (std::size_t i = 0; i < limits::kTags; ++i) {
        body += R"(,"a")";
    }
    body += "]}";
    REQUIRE(body.size() < limits::kManifestBytes);
    registry.intercept = [&](const HttpRequest& request) -> Reply {
        return request.target == "/v2/app/tags/list" ? Reply(HttpReply{.body = body})
                                                     : std::nullopt;
    };
    const Client client(registry);
    CHECK(error_of(client.store->list_tags()).code == ErrorCode::limit_exceeded);
}

TEST_CASE("registry: a server error's words are shown without control characters",
          "[oci][registry]") {
    FakeRegistry registry;
    registry.intercept = [](const HttpRequest& request) -> Reply {
        if (request.target == "/v2/") {
            return std::nullopt;
        }
        return HttpReply{.status = 400,
                         .body = R"({"errors":[{"code":"X","message":"\u001b[31mred"}]})"};
    };
    const Client client(registry);
    const Error error = error_of(client.store->fetch_tag("v1"));
    REQUIRE_FALSE(error.context.empty());
    CHECK(error.context[0].value.find('\x1b') == std::string::npos);
}

} // namespace
} // namespace bulla::oci
