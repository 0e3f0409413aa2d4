// SPDX-License-Identifier: Apache-2.0
#include "base/xml/document.hpp"

#include <pugixml.hpp>

#include <string>

namespace bulla::xml {

struct Document::Tree {
    pugi::xml_document document;
};

std::string_view Element::name() const {
    return pugi::xml_node(node_).name();
}

Element Element::child(std::string_view name) const {
    for (const pugi::xml_node child : pugi::xml_node(node_).children()) {
        if (child.type() == pugi::node_element && name == child.name()) {
            return Element(child.internal_object());
        }
    }
    return Element();
}

std::vector<Element> Element::children() const {
    std::vector<Element> elements;
    for (const pugi::xml_node child : pugi::xml_node(node_).children()) {
        if (child.type() == pugi::node_element) {
            elements.push_back(Element(child.internal_object()));
        }
    }
    return elements;
}

std::string_view Element::text() const {
    return pugi::xml_node(node_).child_value();
}

Document::Document(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}

Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(ByteView text, std::size_t max_bytes, std::string_view what) {
    if (text.size() > max_bytes) {
        return Error{ErrorCode::limit_exceeded,
                     "expected a " + std::string(what) + " of at most " +
                         std::to_string(max_bytes) + " bytes and found " +
                         std::to_string(text.size())};
    }
    auto tree = std::make_unique<Tree>();
    // Neither parse_doctype nor parse_pi: what declarations say is skipped, not looked at.
    const auto outcome = tree->document.load_buffer(
        text.data(), text.size(), pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol);
    if (outcome.status == pugi::status_out_of_memory ||
        outcome.status == pugi::status_internal_error) {
        return Error{ErrorCode::internal, std::string("the XML parser: ") + outcome.description()};
    }
    if (!outcome) {
        return Error{ErrorCode::malformed,
                     "not a " + std::string(what) + ": " + outcome.description() + " at byte " +
                         std::to_string(outcome.offset)};
    }
    return Document(std::move(tree));
}

Element Document::root() const {
    return Element(tree_->document.document_element().internal_object());
}

} // namespace bulla::xml
