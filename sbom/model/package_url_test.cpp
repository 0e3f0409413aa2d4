// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/model/package_url.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;
using sbom::PackageUrl;

namespace {
std::string canonical(std::string_view text) {
    return test::value_of(PackageUrl::parse(text)).to_string();
}

ErrorCode refusal(std::string_view text) {
    return test::error_of(PackageUrl::parse(text)).code;
}
} // namespace

TEST_CASE("purl: the parts are found from right to left", "[sbom][purl]") {
    const auto purl = test::value_of(PackageUrl::parse(
        "pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64&distro=debian-12#usr/bin"));
    CHECK(purl.type() == "deb");
    CHECK(purl.name_space() == "debian");
    CHECK(purl.name() == "attr");
    CHECK(purl.version() == "1:2.4.47-2+b1");
    CHECK(purl.qualifiers() == PackageUrl::Qualifiers{{"arch", "amd64"}, {"distro", "debian-12"}});
    CHECK(purl.subpath() == "usr/bin");
}

TEST_CASE("purl: the canonical text escapes all but unreserved characters and the colon",
          "[sbom][purl]") {
    CHECK(canonical("pkg:deb/debian/attr@1%3A2.4.47-2+b1?arch=amd64") ==
          "pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64");
    CHECK(canonical("pkg:generic/openssl@1.1.10g?checksum=sha1:ad95,sha256:41bf") ==
          "pkg:generic/openssl@1.1.10g?checksum=sha1:ad95%2Csha256:41bf");
    CHECK(canonical("pkg:generic/a%20b~_.-@%C3%BC") == "pkg:generic/a%20b~_.-@%C3%BC");
}

TEST_CASE("purl: qualifiers are sorted by key and empty ones dropped", "[sbom][purl]") {
    CHECK(canonical("pkg:deb/debian/x@1?upstream=y&Distro=d&empty=&arch=all") ==
          "pkg:deb/debian/x@1?arch=all&distro=d&upstream=y");
}

TEST_CASE("purl: an npm scope is a namespace with an escaped @", "[sbom][purl]") {
    CHECK(canonical("pkg:npm/@babel/core#/googleapis/api/annotations/") ==
          "pkg:npm/%40babel/core#googleapis/api/annotations");
    CHECK(canonical("pkg:npm/%40angular/animation@12.3.1") ==
          "pkg:npm/%40angular/animation@12.3.1");
}

TEST_CASE("purl: pypi names are normalised", "[sbom][purl]") {
    CHECK(canonical("pkg:PYPI/Django_package@1.11.1.dev1") ==
          "pkg:pypi/django-package@1.11.1.dev1");
    CHECK(canonical("pkg:pypi/zope.__Interface@5") == "pkg:pypi/zope-interface@5");
}

TEST_CASE("purl: deb, apk and oci names are lower case, npm names are not", "[sbom][purl]") {
    CHECK(canonical("pkg:deb/Debian/Curl@7") == "pkg:deb/debian/curl@7");
    CHECK(canonical("pkg:apk/Alpine/Curl@7") == "pkg:apk/alpine/curl@7");
    CHECK(canonical("pkg:oci/App@sha256%3A24?tag=V1") == "pkg:oci/app@sha256:24?tag=V1");
    CHECK(canonical("pkg:npm/JSONStream@1") == "pkg:npm/JSONStream@1");
}

TEST_CASE("purl: slashes after the scheme and around parts do not count", "[sbom][purl]") {
    CHECK(canonical("pkg://npm/foo@1") == "pkg:npm/foo@1");
    CHECK(canonical("PKG:npm//foo/") == "pkg:npm/foo");
    CHECK(canonical("pkg:golang/a.b//c/d@1#./x//../y") == "pkg:golang/a.b/c/d@1#x/y");
}

TEST_CASE("purl: malformed texts are refused", "[sbom][purl]") {
    const std::string text = GENERATE(as<std::string>(),
                                      "",
                                      "npm/foo@1",
                                      "pkg:",
                                      "pkg:npm",
                                      "pkg:npm/",
                                      "pkg:maven/@1.3.4",
                                      "pkg:n&g?inx/nginx@0.8.9",
                                      "pkg:3nginx/nginx@0.8.9",
                                      "pkg:nginx:a/nginx@0.8.9",
                                      "pkg%3Amaven/org.apache.commons/io",
                                      "pkg:npm/a@1?in%20production=true",
                                      "pkg:npm/a@1?k=1&k=2",
                                      "pkg:npm/a@1?1k=1",
                                      "pkg:npm/a%2",
                                      "pkg:npm/a%zz",
                                      "pkg:npm/a@%4",
                                      "pkg:npm/a%2Fb/c",
                                      "pkg:npm/a#b%2Fc",
                                      "pkg:deb/curl@7",
                                      "pkg:maven/guava@33",
                                      "pkg:pypi/x/django@1");
    CAPTURE(text);
    CHECK(refusal(text) == ErrorCode::malformed);
}

TEST_CASE("purl: a text beyond the limit is refused", "[sbom][purl]") {
    CHECK(refusal("pkg:npm/" + std::string(limits::kPackageUrlBytes, 'a')) ==
          ErrorCode::limit_exceeded);
}

TEST_CASE("purl: what was made from parts is parsed back to the same parts", "[sbom][purl]") {
    std::string every_byte;
    for (int byte = 1; byte < 256; ++byte) {
        every_byte += static_cast<char>(byte);
    }
    const auto made = test::value_of(PackageUrl::make({.type = "generic",
                                                       .name_space = "a b/c%",
                                                       .name = every_byte + "x",
                                                       .version = every_byte,
                                                       .qualifiers = {{"k", every_byte}},
                                                       .subpath = "d?/e#"}));
    const auto parsed = test::value_of(PackageUrl::parse(made.to_string()));
    CHECK(parsed.name_space() == made.name_space());
    CHECK(parsed.name() == made.name());
    CHECK(parsed.version() == made.version());
    CHECK(parsed.qualifiers() == made.qualifiers());
    CHECK(parsed.subpath() == made.subpath());
}
