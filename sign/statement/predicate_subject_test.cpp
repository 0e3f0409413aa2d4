// SPDX-License-Identifier: Apache-2.0
#include "sign/statement/predicate_subject.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace bulla;
using sign::find_predicate_subject;

namespace {
const std::string kCycloneDx = "https://cyclonedx.org/bom";
const std::string kSpdx = "https://spdx.dev/Document";
const std::string kHexA(64, 'a');
const std::string kHexB(64, 'b');

std::optional<std::string> named(const std::string& type, const std::string& predicate) {
    const auto digest = test::value_of(find_predicate_subject(type, predicate));
    return digest ? std::optional(digest->to_string()) : std::nullopt;
}
} // namespace

TEST_CASE("predicate subject: the version of a CycloneDX root component", "[sign][statement]") {
    CHECK(
        named(kCycloneDx, R"({"metadata":{"component":{"version":"sha256:)" + kHexA + R"("}}})") ==
        "sha256:" + kHexA);
}

TEST_CASE("predicate subject: the OCI purl of a CycloneDX root component", "[sign][statement]") {
    CHECK(named(kCycloneDx + "/v1.6",
                R"({"metadata":{"component":{"purl":"pkg:oci/app@sha256%3A)" + kHexA +
                    R"(?repository_url=x"}}})") == "sha256:" + kHexA);
}

TEST_CASE("predicate subject: the package an SPDX document describes, and no other",
          "[sign][statement]") {
    const std::string packages = R"("packages":[{"SPDXID":"SPDXRef-other","versionInfo":"sha256:)" +
                                 kHexB + R"("},{"SPDXID":"SPDXRef-image","versionInfo":"sha256:)" +
                                 kHexA + R"("}])";
    CHECK(named(kSpdx, R"({"documentDescribes":["SPDXRef-image"],)" + packages + "}") ==
          "sha256:" + kHexA);
    CHECK(
        named(
            kSpdx,
            R"({"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES",)"
            R"("relatedSpdxElement":"SPDXRef-image"}],)" +
                packages + "}") == "sha256:" + kHexA);
}

TEST_CASE("predicate subject: an ordinary version or another purl names no image",
          "[sign][statement]") {
    CHECK(named(kCycloneDx,
                R"({"metadata":{"component":{"version":"1.2.3","purl":"pkg:npm/a@1"}}})") ==
          std::nullopt);
    CHECK(named(kCycloneDx, "{}") == std::nullopt);
}

TEST_CASE("predicate subject: other predicate types are not looked into", "[sign][statement]") {
    CHECK(named("https://slsa.dev/provenance/v1", "not json") == std::nullopt);
}

TEST_CASE("predicate subject: two different digests are refused", "[sign][statement]") {
    const auto error = test::error_of(
        find_predicate_subject(kCycloneDx,
                               R"({"metadata":{"component":{"version":"sha256:)" + kHexA +
                                   R"(","purl":"pkg:oci/app@sha256:)" + kHexB + R"("}}})"));
    CHECK(error.code == ErrorCode::malformed);
}
