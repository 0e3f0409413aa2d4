// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/command_doc.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::cli::docgen {

/// Text as roff reads it: nothing is a request, and dashes and quotes stay what can be copied.
std::string roff(std::string_view text);

/// The same in bold or italic.
std::string bold(std::string_view text);
std::string italic(std::string_view text);

/// A man page being written, with only the macros that man(7) has everywhere (groff, mandoc): TH SH
/// SS PP TP RS RE EX EE. Texts are plain unless a parameter says that they are roff already.
class RoffPage {
  public:
    /// Begins with NAME. `origin` is the command that writes the page. The date stays empty: the
    /// same program writes the same bytes.
    RoffPage(std::string_view name, std::string_view summary, std::string_view origin);

    void section(std::string_view title);
    void subsection(std::string_view title);
    void line(const std::string& roff_text);

    /// Paragraphs separated by an empty line.
    void paragraphs(std::string_view text);

    /// A term and its explanation.
    void term(const std::string& roff_term, std::string_view text);

    void examples(std::span<const Example> examples);

    /// A block of lines to copy.
    void code(std::string_view lines);

    void see_also(const std::vector<std::string>& names);

    std::string finish() { return std::move(out_); }

  private:
    std::string out_;
};

} // namespace bulla::cli::docgen
