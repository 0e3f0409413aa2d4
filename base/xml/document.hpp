// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pugi {
struct xml_node_struct;
}

/// XML as received from others: bounded, read through cursors. Document type declarations are
/// skipped, so that no entity but the five of XML itself and character references means anything:
/// nothing expands, and nothing outside of the text is looked at.
namespace bulla::xml {

/// A cursor on one element of a Document, which must outlive it. Cheap to copy. A default-made
/// cursor is on "nothing", on which every question answers with nothing, so that lookups chain:
/// root.child("parent").child("version").text().
class Element {
  public:
    Element() = default;

    explicit operator bool() const { return node_ != nullptr; }

    /// The name as written, a namespace's prefix included.
    std::string_view name() const;

    /// The first child element of that name, or nothing.
    Element child(std::string_view name) const;

    /// The child elements in the order of the document.
    std::vector<Element> children() const;

    /// The first text or CDATA directly inside, with white space around it.
    std::string_view text() const;

  private:
    friend class Document;

    explicit Element(pugi::xml_node_struct* node) : node_(node) {}

    pugi::xml_node_struct* node_ = nullptr;
};

/// A parsed document; owns what cursors point at.
class Document {
  public:
    /// Parses XML 1.0 in UTF-8, or in what its byte order mark says. More than `max_bytes` is
    /// limit_exceeded; what is not well-formed is malformed, as far as that can be told without
    /// validation.
    static Result<Document> parse(ByteView text, std::size_t max_bytes, std::string_view what);

    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    /// The outermost element.
    Element root() const;

  private:
    struct Tree;
    explicit Document(std::unique_ptr<Tree> tree);

    std::unique_ptr<Tree> tree_;
};

} // namespace bulla::xml
