// SPDX-License-Identifier: Apache-2.0
#include "base/xml/document.hpp"
#include "tests/support/catch.hpp"

using namespace bulla;

namespace {

xml::Document parse(ByteView text) {
    return test::value_of(xml::Document::parse(text, 1000, "test"));
}

} // namespace

TEST_CASE("xml: elements are found by name, and what is missing is nothing all the way down",
          "[base][xml]") {
    const auto document = parse("<?xml version='1.0'?><!-- c --><a><b>1</b><c/><b>2</b></a>");
    const auto root = document.root();
    CHECK(root.name() == "a");
    CHECK(root.child("b").text() == "1");
    CHECK(root.children().size() == 3);
    CHECK(root.children()[2].text() == "2");
    CHECK_FALSE(root.child("x").child("y"));
    CHECK(root.child("x").child("y").text().empty());
}

TEST_CASE("xml: character references and CDATA are text, white space is kept", "[base][xml]") {
    CHECK(parse("<a> &lt;&#x41;&amp; </a>").root().text() == " <A& ");
    CHECK(parse("<a><![CDATA[<b>&amp;]]></a>").root().text() == "<b>&amp;");
}

TEST_CASE("xml: entities of a document type mean nothing, so nothing expands", "[base][xml]") {
    const auto document = parse("<!DOCTYPE a [<!ENTITY e 'boom'><!ENTITY f SYSTEM 'file:///x'>]>"
                                "<a>&e;&f;</a>");
    CHECK(document.root().text() == "&e;&f;");
}

TEST_CASE("xml: what is not well-formed or too large is refused", "[base][xml]") {
    for (const std::string_view text : {"", "text", "<a>", "<a></b>", "<a", "<a><b></a></b>"}) {
        INFO(text);
        CHECK(test::error_of(xml::Document::parse(text, 1000, "test")).code ==
              ErrorCode::malformed);
    }
    CHECK(xml::Document::parse("<a></a>", 7, "test"));
    CHECK(test::error_of(xml::Document::parse("<a></a>", 6, "test")).code ==
          ErrorCode::limit_exceeded);
}
