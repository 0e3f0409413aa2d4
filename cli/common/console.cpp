// SPDX-License-Identifier: Apache-2.0
#include "cli/common/console.hpp"

#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "base/json/writer.hpp"
#include "cli/common/interrupts.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace bulla::cli {

namespace {

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kCyan = "\x1b[36m";
constexpr std::string_view kReset = "\x1b[0m";

std::string painted(std::string_view text, std::string_view color, Coloring coloring) {
    if (coloring == Coloring::plain || color.empty()) {
        return std::string(text);
    }
    return std::string(color).append(text).append(kReset);
}

std::string_view name_of(LogLevel level) {
    switch (level) {
    case LogLevel::debug:
        return "debug";
    case LogLevel::info:
        return "info";
    case LogLevel::warning:
        return "warning";
    case LogLevel::error:
        return "error";
    }
    return "error";
}

std::string_view color_of(LogLevel level) {
    switch (level) {
    case LogLevel::error:
        return kRed;
    case LogLevel::warning:
        return kYellow;
    default:
        return {};
    }
}

bool set_and_not_empty(const char* variable) {
    const char* const value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

bool equals(const char* variable, std::string_view expected) {
    const char* const value = std::getenv(variable);
    return value != nullptr && value == expected;
}

std::string elapsed(std::chrono::steady_clock::time_point start) {
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count();
    std::string fraction = std::to_string(time % 1000);
    fraction.insert(0, 3 - fraction.size(), '0');
    return "[" + std::to_string(time / 1000) + "." + fraction + "] ";
}

} // namespace

void Console::erase_bars(std::string& out) const {
    if (!bars_.empty()) {
        out += "\r\x1b[J"; // the cursor rests on the first bar's line
    }
}

void Console::append_bars(std::string& out) const {
    if (bars_.empty()) {
        return;
    }
    for (std::size_t i = 0; i < bars_.size(); ++i) {
        out.append(i == 0 ? "" : "\n").append(bars_[i]);
    }
    if (bars_.size() > 1) {
        out.append("\x1b[").append(std::to_string(bars_.size() - 1)).append("A");
    }
    out += '\r';
}

void Console::write(std::string_view lines) {
    const std::lock_guard lock(mutex_);
    std::string out;
    erase_bars(out);
    out += lines;
    append_bars(out);
    if (!write_all(STDERR_FILENO, out)) {
        return; // nowhere is left to say so
    }
}

void Console::show_bars(std::vector<std::string> lines) {
    const std::lock_guard lock(mutex_);
    if (interrupts::pending()) {
        return; // the handler has cleared the bars for good
    }
    std::string out;
    erase_bars(out);
    bars_ = std::move(lines);
    append_bars(out);
    interrupts::clear_bars_on_exit(!bars_.empty());
    if (!write_all(STDERR_FILENO, out)) {
        return;
    }
}

bool use_color(ColorChoice choice) {
    if (choice != ColorChoice::automatic) {
        return choice == ColorChoice::always;
    }
    if (set_and_not_empty("NO_COLOR")) {
        return false;
    }
    if (set_and_not_empty("CLICOLOR_FORCE") && !equals("CLICOLOR_FORCE", "0")) {
        return true;
    }
    if (equals("TERM", "dumb")) {
        return false;
    }
    return equals("GITHUB_ACTIONS", "true") || ::isatty(STDERR_FILENO) == 1;
}

std::string format_error(std::string_view program, const Error& error, Coloring coloring) {
    std::string out(program);
    out += ": " + painted("error:", kRed, coloring) + " " + text::printable(error.message) + "\n";
    std::vector<Fact> facts = error.context;
    if (!error.where.empty() && error.message.find(error.where) == std::string::npos) {
        facts.push_back({"where", error.where});
    }
    std::size_t width = 0;
    for (const auto& fact : facts) {
        width = std::max(width, fact.label.size());
    }
    for (const auto& fact : facts) {
        out += "  " + text::printable(fact.label) + ":" +
               std::string(width - fact.label.size() + 1, ' ') + text::printable(fact.value) + "\n";
    }
    if (!error.hint.empty()) {
        out.append(program);
        out += ": " + painted("hint:", kCyan, coloring) + " " + text::printable(error.hint) + "\n";
    }
    return out;
}

std::string format_error_json(std::string_view program, const Error& error, Time time) {
    json::Writer out;
    out.begin_object().member("time", to_rfc3339(time)).member("level", "error");
    out.member("program", program).member("code", to_string(error.code));
    out.key("exit").integer(static_cast<std::int64_t>(exit_code_of(error.code)));
    out.member("message", error.message).key("facts").begin_array();
    for (const auto& fact : error.context) {
        out.begin_object().member("label", fact.label).member("value", fact.value).end_object();
    }
    out.end_array().optional_member("hint", error.hint).optional_member("where", error.where);
    return out.end_object().finish() + "\n";
}

ConsoleLogger::ConsoleLogger(Console& console,
                             std::string program,
                             const CommonOptions& options,
                             const Clock& clock)
    : console_(console), clock_(clock), program_(std::move(program)),
      lowest_(options.quiet         ? LogLevel::error
              : options.verbose > 0 ? LogLevel::debug
                                    : LogLevel::info),
      format_(options.log_format),
      coloring_(use_color(options.color) ? Coloring::colored : Coloring::plain),
      with_elapsed_(options.verbose > 1) {}

void ConsoleLogger::log(LogLevel level,
                        std::string_view message,
                        std::initializer_list<LogField> fields) {
    if (!shows(level)) {
        return;
    }
    console_.write(format_ == LogFormat::json ? json_line(level, message, fields)
                                              : text_line(level, message, fields));
}

void ConsoleLogger::report(const Error& error) {
    console_.write(format_ == LogFormat::json ? format_error_json(program_, error, clock_.now())
                                              : format_error(program_, error, coloring_));
}

std::string ConsoleLogger::text_line(LogLevel level,
                                     std::string_view message,
                                     std::initializer_list<LogField> fields) const {
    std::string line = with_elapsed_ ? elapsed(start_) : std::string();
    line += program_ + ": ";
    if (level != LogLevel::info) {
        line += painted(std::string(name_of(level)) + ":", color_of(level), coloring_) + " ";
    }
    line += text::printable(message);
    for (const auto& field : fields) {
        const auto value = text::printable(field.value);
        const bool plain = !value.empty() && value.find_first_of(" \"=") == std::string::npos;
        line.append(" ").append(field.name).append(plain ? "=" : "=\"");
        line.append(value).append(plain ? "" : "\"");
    }
    return line + "\n";
}

std::string ConsoleLogger::json_line(LogLevel level,
                                     std::string_view message,
                                     std::initializer_list<LogField> fields) const {
    json::Writer out;
    out.begin_object().member("time", to_rfc3339(clock_.now())).member("level", name_of(level));
    out.member("program", program_).member("message", message);
    for (const auto& field : fields) {
        out.member(field.name, field.value);
    }
    return out.end_object().finish() + "\n";
}

} // namespace bulla::cli
