// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "sbom/licenses/debian.hpp"
#include "sbom/licenses/spdx.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;
using sbom::License;
using Kind = License::Kind;

namespace {
std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}
} // namespace

TEST_CASE("spdx: identifiers are found without regard to case", "[sbom][license]") {
    CHECK(sbom::find_spdx_license("mit") == "MIT");
    CHECK(sbom::find_spdx_license("apache-2.0") == "Apache-2.0");
    CHECK(sbom::find_spdx_license("gpl-2.0") == "GPL-2.0");
    CHECK_FALSE(sbom::find_spdx_license("GPL"));
    CHECK_FALSE(sbom::find_spdx_license(""));
    CHECK_FALSE(sbom::find_spdx_license("Classpath-exception-2.0"));
    CHECK(sbom::find_spdx_exception("classpath-exception-2.0") == "Classpath-exception-2.0");
    CHECK_FALSE(sbom::find_spdx_exception("MIT"));
}

TEST_CASE("spdx: valid expressions come back in the list's spelling", "[sbom][license]") {
    CHECK(sbom::normalise_spdx_expression("mit  or Apache-2.0") == "MIT OR Apache-2.0");
    CHECK(sbom::normalise_spdx_expression("(MIT AND(bsd-3-clause OR Zlib))") ==
          "(MIT AND (BSD-3-Clause OR Zlib))");
    CHECK(sbom::normalise_spdx_expression("GPL-2.0-only WITH classpath-exception-2.0 AND MIT") ==
          "GPL-2.0-only WITH Classpath-exception-2.0 AND MIT");
    CHECK(sbom::normalise_spdx_expression("Apache-2.0+ OR LicenseRef-x.1") ==
          "Apache-2.0+ OR LicenseRef-x.1");
    CHECK(sbom::normalise_spdx_expression("DocumentRef-a:LicenseRef-b") ==
          "DocumentRef-a:LicenseRef-b");
}

TEST_CASE("spdx: invalid expressions are refused", "[sbom][license]") {
    const std::string text = GENERATE(as<std::string>(),
                                      "",
                                      " ",
                                      "MIT OR",
                                      "OR MIT",
                                      "MIT MIT",
                                      "MIT Or ISC",
                                      "(MIT",
                                      "MIT)",
                                      "()",
                                      "MIT/ISC",
                                      "MIT WITH",
                                      "MIT WITH MIT",
                                      "(MIT) WITH Classpath-exception-2.0",
                                      "Unheard-Of-1.0",
                                      "LicenseRef-",
                                      "LicenseRef-a_b",
                                      "DocumentRef-a",
                                      "DocumentRef-:LicenseRef-b",
                                      "MIT++",
                                      "+");
    CAPTURE(text);
    CHECK_FALSE(sbom::normalise_spdx_expression(text));
}

TEST_CASE("spdx: expressions nested or long beyond the limits are refused", "[sbom][license]") {
    const auto nested = [](std::size_t depth) {
        return repeated("(", depth) + "MIT" + repeated(")", depth);
    };
    CHECK(sbom::normalise_spdx_expression(nested(limits::kLicenseExpressionDepth)));
    CHECK_FALSE(sbom::normalise_spdx_expression(nested(limits::kLicenseExpressionDepth + 1)));
    CHECK_FALSE(
        sbom::normalise_spdx_expression("MIT" + repeated(" ", limits::kLicenseExpressionBytes)));
}

TEST_CASE("license: a recorded text becomes an identifier, an expression or a name",
          "[sbom][license]") {
    CHECK(sbom::classify_license(" mit ") == License{Kind::id, "MIT"});
    CHECK(sbom::classify_license("(ISC)") == License{Kind::id, "ISC"});
    CHECK(sbom::classify_license("(MIT OR CC0-1.0)") ==
          License{Kind::expression, "(MIT OR CC0-1.0)"});
    CHECK(sbom::classify_license("GPL-2.0+") == License{Kind::expression, "GPL-2.0+"});
    CHECK(sbom::classify_license("BSD") == License{Kind::name, "BSD"});
    CHECK(sbom::classify_license("SEE LICENSE IN x") == License{Kind::name, "SEE LICENSE IN x"});
}

TEST_CASE("debian licence: short names with an exact counterpart become identifiers",
          "[sbom][license]") {
    CHECK(sbom::classify_debian_license("GPL-2+") == License{Kind::id, "GPL-2.0-or-later"});
    CHECK(sbom::classify_debian_license("GPL-2") == License{Kind::id, "GPL-2.0-only"});
    CHECK(sbom::classify_debian_license("GPL-2.0+") == License{Kind::id, "GPL-2.0-or-later"});
    CHECK(sbom::classify_debian_license("Expat") == License{Kind::id, "MIT"});
    CHECK(sbom::classify_debian_license("BSD-3-clause") == License{Kind::id, "BSD-3-Clause"});
    CHECK(sbom::classify_debian_license("GPL-1+ or Expat and ISC") ==
          License{Kind::expression, "GPL-1.0-or-later OR MIT AND ISC"});
}

TEST_CASE("debian licence: anything else stays as recorded", "[sbom][license]") {
    const std::string text = GENERATE(as<std::string>(),
                                      "public-domain",
                                      "Artistic",
                                      "GPL-2+ or Artistic",
                                      "GPL-2+ with OpenSSL exception",
                                      "GPL-1+ or Expat, and ISC",
                                      "GPL-2+ or");
    CHECK(sbom::classify_debian_license(text) == License{Kind::name, text});
}

TEST_CASE("debian copyright: machine-readable files give their License fields, each once",
          "[sbom][license]") {
    const auto found = sbom::parse_debian_copyright(
        "\nFormat: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "\nFiles: *\nLicense: GPL-2+\n On Debian: /usr/share/common-licenses/GPL-2.\n"
        "\nFiles: debian/*\nlicense: Expat\n"
        "\nLicense: GPL-2+\n text\n License: not-a-field\n");
    CHECK(found == std::vector<License>{{Kind::id, "GPL-2.0-or-later"}, {Kind::id, "MIT"}});
}

TEST_CASE("debian copyright: of other texts only the common licences they mention are taken",
          "[sbom][license]") {
    const auto found = sbom::parse_debian_copyright(
        "License: MIT\nSee /usr/share/common-licenses/GPL-2.\n"
        "`/usr/share/common-licenses/Apache-2.0', /usr/share/common-licenses/GPL-2\n");
    CHECK(found == std::vector<License>{{Kind::id, "Apache-2.0"}, {Kind::name, "GPL-2"}});
    CHECK(sbom::parse_debian_copyright("Copyright: somebody\nLicense: MIT\n").empty());
}

TEST_CASE("debian copyright: the number of licences is bounded", "[sbom][license]") {
    std::string text =
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n";
    for (std::size_t i = 0; i < limits::kLicensesPerPackage + 10; ++i) {
        text += "License: own-" + std::to_string(i) + "\n";
    }
    CHECK(sbom::parse_debian_copyright(text).size() == limits::kLicensesPerPackage);
}
