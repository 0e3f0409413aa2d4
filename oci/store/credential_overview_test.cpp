// SPDX-License-Identifier: Apache-2.0
#include "base/io/file.hpp"
#include "oci/store/credential_helper.hpp"
#include "oci/store/credential_overview.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace bulla::oci {

namespace {

/// "host=kind" or "host=docker-credential-NAME" of every entry.
std::string shown(const CredentialOverview& overview) {
    std::string out;
    for (const auto& entry : overview.entries) {
        out += entry.host + "=" + entry.kind + entry.helper + ";";
    }
    return out + overview.store;
}

} // namespace

TEST_CASE("credentials: an overview names hosts and kinds, and no secret", "[oci][credentials]") {
    const auto overview = test::value_of(list_config(
        R"({"auths": {"a.example": {"auth": "dTpw"}, "b.example": {"username": "u", "password": "p"},
            "c.example": {"auth": "dTpw", "identitytoken": "t"}, "d.example": {"registrytoken": "t"},
            "e.example": {}}, "credHelpers": {"f.example": "ecr-login"}, "credsStore": "pass"})",
        "it"));
    CHECK(shown(overview) ==
          "a.example=password;b.example=password;c.example=identity token;"
          "d.example=registry token;e.example=empty;f.example=helperecr-login;pass");
    CHECK(test::error_of(list_config("[]", "it")).code == ErrorCode::configuration);
}

TEST_CASE("credentials: an overview has the places that are there, in their order",
          "[oci][credentials]") {
    const test::TempDir folder;
    test::value_of(write_file_atomically(folder.file("second"), "{}"));
    test::value_of(write_file_atomically(folder.file("third"), "{"));
    const auto found = list_credentials(
        {.files = {folder.file("first"), folder.file("second"), folder.file("third")},
         .required_file = folder.file("required"),
         .content = "{}"});
    REQUIRE(found.size() == 4);
    CHECK(found[0].place == folder.file("required"));
    CHECK(found[0].problem);
    CHECK(found[1].place == "DOCKER_AUTH_CONFIG");
    CHECK_FALSE(found[2].problem);
    CHECK(found[3].place == folder.file("third"));
    CHECK(found[3].problem);
}

TEST_CASE("credentials: a helper is a program in PATH and nothing else", "[oci][credentials]") {
    CHECK_FALSE(is_helper_installed("surely-not-installed"));
    CHECK_FALSE(is_helper_installed("../../../bin/sh"));
    CHECK_FALSE(is_helper_installed(""));
}

} // namespace bulla::oci
