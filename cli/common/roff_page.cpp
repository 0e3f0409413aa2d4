// SPDX-License-Identifier: Apache-2.0
#include "cli/common/roff_page.hpp"

#include "base/core/text.hpp"
#include "cli/common/help.hpp"
#include "cli/common/version.hpp"

#include <algorithm>

namespace bulla::cli::docgen {

namespace {

/// Lines of running text.
std::string filled(std::string_view text) {
    const std::string lines = wrapped(text, 0, 80);
    std::string_view rest = lines;
    std::string out;
    while (!rest.empty()) {
        out += roff(text::take_until(rest, '\n')) + "\n";
    }
    return out;
}

} // namespace

std::string roff(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        switch (byte) {
        case '\\':
            out += "\\e";
            break;
        case '-':
            out += "\\-";
            break;
        case '\'':
            out += "\\(aq";
            break;
        case '`':
            out += "\\(ga";
            break;
        case '~':
            out += "\\(ti";
            break;
        case '^':
            out += "\\(ha";
            break;
        case '"':
            out += "\\(dq";
            break;
        case 0xE2: // the only sign beyond ASCII in our texts is the ellipsis, U+2026
            if (text.substr(at).starts_with("…")) {
                out += "\\&...";
                at += 2;
            }
            break;
        default:
            out += text[at];
        }
    }
    return out.starts_with('.') ? "\\&" + out : out;
}

std::string bold(std::string_view text) {
    return "\\fB" + roff(text) + "\\fP";
}

std::string italic(std::string_view text) {
    return "\\fI" + roff(text) + "\\fP";
}

RoffPage::RoffPage(std::string_view name, std::string_view summary, std::string_view origin) {
    std::string title(name);
    std::ranges::transform(title, title.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    out_.append(".\\\" Written by `").append(origin).append("`; do not edit.\n");
    out_ += ".TH " + roff(title) + " 1 \"\" \"Bulla " + kVersion + "\" \"Bulla manual\"\n";
    section("NAME");
    out_ += roff(name) + " \\- " + roff(summary) + "\n";
}

void RoffPage::section(std::string_view title) {
    out_.append(".SH ").append(title).append("\n");
}

void RoffPage::subsection(std::string_view title) {
    out_ += ".SS " + roff(title) + "\n";
}

void RoffPage::line(const std::string& roff_text) {
    out_ += roff_text + "\n";
}

void RoffPage::paragraphs(std::string_view text) {
    bool first = true;
    while (!text.empty()) {
        const auto end = std::min(text.find("\n\n"), text.size());
        out_ += (first ? "" : ".PP\n") + filled(text.substr(0, end));
        text.remove_prefix(std::min(end + 2, text.size()));
        first = false;
    }
}

void RoffPage::term(const std::string& roff_term, std::string_view text) {
    out_ += ".TP\n" + roff_term + "\n" + filled(text);
}

void RoffPage::code(std::string_view lines) {
    out_ += ".PP\n.RS 4\n.EX\n";
    while (!lines.empty()) {
        out_ += roff(text::take_until(lines, '\n')) + "\n";
    }
    out_ += ".EE\n.RE\n";
}

void RoffPage::examples(std::span<const Example> examples) {
    for (const auto& example : examples) {
        out_ += &example == examples.data() ? "" : ".PP\n";
        out_ += filled(std::string(example.purpose) + ":");
        code(example.command);
    }
}

void RoffPage::see_also(const std::vector<std::string>& names) {
    section("SEE ALSO");
    for (const auto& name : names) {
        out_ += bold(name) + "(1)" + (&name == &names.back() ? "\n" : ",\n");
    }
}

} // namespace bulla::cli::docgen
