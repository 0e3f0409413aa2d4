// SPDX-License-Identifier: Apache-2.0
#include "oci/store/credential_edit.hpp"
#include "oci/store/credential_file.hpp"
#include "tests/support/catch.hpp"

namespace bulla::oci {
namespace {

using test::error_of;
using test::value_of;

Bytes set(std::string_view json, std::string_view registry = "r.example") {
    return value_of(set_credential_entry(json, registry, EntryKind::with_secret, "me:pw", "it"));
}

std::string user_of(std::string_view json,
                    std::string_view registry = "r.example",
                    std::string_view repository = "") {
    const auto answer = value_of(find_in_config(json, registry, repository, "it"));
    return answer.login ? answer.login->username : "none";
}

TEST_CASE("credential edit: a new configuration looks as Docker's tools write it",
          "[oci][credentials]") {
    const Bytes expected =
        "{\n\t\"auths\": {\n\t\t\"r.example\": {\n\t\t\t\"auth\": \"bWU6cHc=\"\n\t\t}\n\t}\n}";
    CHECK(set("") == expected);
    CHECK(set(" \n") == expected);
    CHECK(set("{}") == expected);
}

TEST_CASE("credential edit: everything else keeps its bytes", "[oci][credentials]") {
    const std::string before = "{ \"z\" : 1.0e0 ,\n  \"auths\": {\"other\":{ \"auth\":\"YTpi\" } "
                               "},\"a\":[1,\t2], \"\\u0062\": {\"auths\": 0} }\n";
    const Bytes after = set(before);
    CHECK(after == "{ \"z\" : 1.0e0 ,\n  \"auths\": {\"other\":{ \"auth\":\"YTpi\" },\n\t\t"
                   "\"r.example\": {\n\t\t\t\"auth\": \"bWU6cHc=\"\n\t\t} "
                   "},\"a\":[1,\t2], \"\\u0062\": {\"auths\": 0} }\n");
    const auto back = value_of(remove_credential_entry(after, "r.example", "it"));
    CHECK(back.found);
    CHECK(back.json == before);
}

TEST_CASE("credential edit: an entry is replaced where it stands", "[oci][credentials]") {
    const Bytes after = set(R"({"auths":{"r.example":{"auth":"YTpi","email":"e"},"b":{}}})");
    CHECK(after == "{\"auths\":{\"r.example\":{\n\t\t\t\"auth\": \"bWU6cHc=\"\n\t\t},\"b\":{}}}");
}

TEST_CASE("credential edit: other spellings of the registry go, namespaces in it stay",
          "[oci][credentials]") {
    const std::string before =
        R"({"auths":{"https://r.example/v1/":{"auth":"YTpi"},"r.example/team":{"auth":"dDp0"},)"
        R"("R.EXAMPLE":{"auth":"YTpi"},"r.example:5000":{"auth":"cDpw"}}})";
    const Bytes after = set(before);
    CHECK(after.find("https://") == Bytes::npos);
    CHECK(after.find("R.EXAMPLE") == Bytes::npos);
    CHECK(user_of(after) == "me");
    CHECK(user_of(after, "r.example", "team/x") == "t");
    CHECK(user_of(after, "r.example:5000") == "p");
    const auto without = value_of(remove_credential_entry(before, "r.example", "it"));
    CHECK(without.found);
    CHECK(without.json ==
          R"({"auths":{"r.example/team":{"auth":"dDp0"},"r.example:5000":{"auth":"cDpw"}}})");
}

TEST_CASE("credential edit: Docker Hub is kept under its URL", "[oci][credentials]") {
    const Bytes after = set(R"({"auths":{"docker.io":{"auth":"YTpi"}}})", "docker.io");
    CHECK(after.find("\"https://index.docker.io/v1/\"") != Bytes::npos);
    CHECK(after.find("\"docker.io\"") == Bytes::npos);
    const auto without = value_of(remove_credential_entry(after, "docker.io", "it"));
    CHECK(without.found);
    CHECK(user_of(without.json, "docker.io") == "none");
}

TEST_CASE("credential edit: a registry that a helper has is left empty", "[oci][credentials]") {
    const Bytes after =
        value_of(set_credential_entry(R"({"auths":{"r.example":{"auth":"YTpi"}},"credsStore":"x"})",
                                      "r.example",
                                      EntryKind::in_helper,
                                      "me:pw",
                                      "it"));
    CHECK(after == R"({"auths":{"r.example":{}},"credsStore":"x"})");
}

TEST_CASE("credential edit: what is not there is not removed", "[oci][credentials]") {
    for (const char* json : {"", "{}", R"({"auths":null})", R"({"auths":{"b":{}}})"}) {
        CAPTURE(json);
        const auto without = value_of(remove_credential_entry(json, "r.example", "it"));
        CHECK_FALSE(without.found);
        CHECK(without.json == json);
    }
    CHECK(user_of(set(R"({"auths":null})")) == "me");
}

TEST_CASE("credential edit: what is no configuration is not overwritten", "[oci][credentials]") {
    for (const char* json : {"[]",
                             "{",
                             R"({"auths":[]})",
                             R"({"auths":{},"auths":{}})",
                             R"({"auths":{"a":1,"a":2}})",
                             "{} x"}) {
        CAPTURE(json);
        CHECK(
            error_of(set_credential_entry(json, "r", EntryKind::with_secret, "me:pw", "it")).code ==
            ErrorCode::configuration);
        CHECK(error_of(remove_credential_entry(json, "r", "it")).code == ErrorCode::configuration);
    }
}

} // namespace
} // namespace bulla::oci
