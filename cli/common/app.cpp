// SPDX-License-Identifier: Apache-2.0
#include "cli/common/app.hpp"

#include "base/core/text.hpp"
#include "cli/common/config.hpp"
#include "cli/common/docgen.hpp"
#include "cli/common/help.hpp"
#include "cli/common/interrupts.hpp"
#include "cli/common/progress.hpp"
#include "cli/common/suggest.hpp"
#include "cli/common/version.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <exception>
#include <string>

namespace bulla::cli {

namespace {

/// A file opened later must not become descriptor 1 and receive the result. What stands in for a
/// closed descriptor fails when it is used, except standard error, whose readers are nobody.
void open_standard_descriptors() {
    for (const auto& [fd, flags] : {std::pair{STDIN_FILENO, O_WRONLY},
                                    {STDOUT_FILENO, O_RDONLY},
                                    {STDERR_FILENO, O_WRONLY}}) {
        if (::fcntl(fd, F_GETFD) < 0) {
            // The lowest free number is taken, and lower ones are open by now. Not close-on-exec,
            // as with descriptors that were inherited.
            if (::open("/dev/null", flags) != fd) {
                ::_exit(static_cast<int>(ExitCode::internal));
            }
        }
    }
}

/// The settings that shape messages, when the command line cannot be read.
CommonOptions fallback_options() {
    CommonOptions options;
    const char* const format = std::getenv("BULLA_LOG_FORMAT");
    if (format != nullptr && std::string_view(format) == "json") {
        options.log_format = LogFormat::json;
    }
    return options;
}

std::string app_help(const AppSpec& app) {
    const std::string program(app.program);
    std::string out = program + ": " + std::string(app.summary) + "\n";
    for (const auto& command : app.subcommands) {
        if (!command.doc.examples.empty()) {
            out += out.find("\nExamples:") == std::string::npos ? "\nExamples:\n" : "";
            const auto& example = command.doc.examples.front();
            out.append("  # ").append(example.purpose).append("\n  ");
            out.append(example.command).append("\n");
        }
    }
    out += "\nUsage:\n  " + program + " COMMAND [options]\n\nCommands:\n";
    for (const auto& command : app.subcommands) {
        std::string row = "  " + std::string(command.doc.name);
        row.resize(std::max<std::size_t>(row.size() + 2, 18), ' ');
        out += row.append(command.doc.summary) + "\n";
    }
    return out + "\n`" + program + " COMMAND --help` explains one; `" + program +
           " --version` prints the version.\n";
}

class Run {
  public:
    explicit Run(const AppSpec& app) : app_(app) {}

    ExitCode start(std::vector<std::string> words);

  private:
    ExitCode start_command(const Subcommand& command, std::span<const std::string> words);
    ExitCode run_command(const Subcommand& command, const CommonOptions& common);
    ExitCode print(const std::string& text);
    ExitCode generate(std::string_view word, const Subcommand* command);
    ExitCode unknown_command(const std::string& word);

    ExitCode fail(const Error& error, const CommonOptions& options) {
        ConsoleLogger(console_, std::string(app_.program), options, clock_).report(error);
        return exit_code_of(error.code);
    }

    std::vector<std::string_view> command_names() const {
        std::vector<std::string_view> names;
        for (const auto& command : app_.subcommands) {
            names.push_back(command.doc.name);
        }
        return names;
    }

    std::string help_hint(const CommandDoc* doc) const {
        std::string hint = "try `" + std::string(app_.program);
        return (doc != nullptr ? hint.append(" ").append(doc->name) : hint) + " --help`";
    }

    const AppSpec& app_;
    Console console_;
    SystemClock clock_;
};

ExitCode Run::print(const std::string& text) {
    if (auto status = write_stdout(text); !status) {
        return fail(status.error(), fallback_options());
    }
    return ExitCode::done;
}

ExitCode Run::generate(std::string_view word, const Subcommand* command) {
    const auto text = docgen::generate(word.substr(docgen::kAsked.size()), app_, command);
    return text ? print(*text) : fail(text.error(), fallback_options());
}

ExitCode Run::start(std::vector<std::string> words) {
    if (words.empty()) {
        console_.write(app_help(app_));
        return ExitCode::usage;
    }
    if (words.front() == "help" && words.size() > 1) {
        words.erase(words.begin());
        words.emplace_back("--help");
    }
    const std::string& first = words.front();
    if (first.starts_with(docgen::kAsked)) {
        return generate(first, nullptr);
    }
    if (first == "--help" || first == "-h" || first == "help") {
        return print(app_help(app_));
    }
    if (first == "--version" || first == "version") {
        return print(std::string(app_.program) + " " + kVersionText + "\n");
    }
    // Two words name a nested command, and are looked for before one.
    for (const std::size_t count : {std::size_t{2}, std::size_t{1}}) {
        if (words.size() < count) {
            continue;
        }
        const std::string name = count == 2 ? first + " " + words[1] : first;
        for (const auto& command : app_.subcommands) {
            if (command.doc.name == name) {
                return start_command(command, std::span(words).subspan(count));
            }
        }
    }
    return unknown_command(first);
}

ExitCode Run::unknown_command(const std::string& word) {
    Error error{ErrorCode::usage, "unknown command \"" + text::printable(word) + "\""};
    error.hint = help_hint(nullptr);
    if (word.starts_with("-")) {
        error.message = "expected a command before \"" + text::printable(word) + "\"";
        error.hint = "options stand behind the command; " + error.hint;
    }
    if (const auto near = suggest(word, command_names()); !near.empty()) {
        error.hint = "did you mean `" + std::string(app_.program) + " " + std::string(near) + "`?";
    }
    return fail(error, fallback_options());
}

ExitCode Run::start_command(const Subcommand& command, std::span<const std::string> words) {
    if (words.size() == 1 && words.front().starts_with(docgen::kAsked)) {
        return generate(words.front(), &command);
    }
    OptionSet set;
    CommonOptions common = fallback_options();
    command.add_options(set);
    add_common_options(set, common);
    const auto outcome = set.parse(words, [&] {
        const std::vector<std::string_view> names = command_names();
        return read_settings(common.config, {app_.program, command.doc.name, names}, set);
    });
    auto status = outcome ? ok() : Status(outcome.error());
    if (outcome && *outcome == OptionSet::Outcome::parsed) {
        status = check(common, set);
    }
    if (!status) {
        Error error = std::move(status.error());
        if (error.hint.empty()) {
            error.hint = help_hint(&command.doc);
        }
        return fail(error, common);
    }
    switch (*outcome) {
    case OptionSet::Outcome::help_asked:
        return print(format_help(app_.program, command.doc, set));
    case OptionSet::Outcome::version_asked:
        return print(std::string(app_.program) + " " + kVersionText + "\n");
    case OptionSet::Outcome::parsed:
        break;
    }
    return run_command(command, common);
}

ExitCode Run::run_command(const Subcommand& command, const CommonOptions& common) {
    auto wanted = resolve_outputs(common.outputs, command.doc.formats);
    if (!wanted) {
        return fail(wanted.error(), common);
    }
    const std::string program(app_.program);
    ConsoleLogger logger(console_, program, common, clock_);
    if (common.timeout) {
        const Error late{ErrorCode::unavailable, "the time given by --timeout is over"};
        interrupts::set_deadline(*common.timeout,
                                 common.log_format == LogFormat::json
                                     ? format_error_json(program, late, clock_.now())
                                     : format_error(program, late, Coloring::plain));
    }
    const auto progress = make_progress(common, console_, logger);
    Outputs outputs(std::move(*wanted));
    Context context{program, common, logger, *progress, clock_, outputs};
    auto code = command.run(context);
    if (code) {
        if (auto published = outputs.publish(); !published) {
            code = std::move(published.error());
        }
    }
    interrupts::wait_if_pending();
    return code ? *code : fail(code.error(), common);
}

/// The message of last resort, for what should not happen.
ExitCode internal_error(std::string_view program, const char* what) noexcept {
    for (const std::string_view part :
         {program, std::string_view(": error: internal error: "), std::string_view(what)}) {
        if (::write(STDERR_FILENO, part.data(), part.size()) < 0) {
            break;
        }
    }
    if (::write(STDERR_FILENO, "\n", 1) < 0) {
        return ExitCode::internal;
    }
    return ExitCode::internal;
}

ExitCode run_guarded(int argc, char** argv, const AppSpec& app) noexcept {
    try {
        std::vector<std::string> words;
        for (int i = 1; i < argc; ++i) {
            words.emplace_back(argv[i]);
        }
        return Run(app).start(std::move(words));
    } catch (const std::exception& exception) {
        return internal_error(app.program, exception.what());
    } catch (...) {
        return internal_error(app.program, "an exception of an unknown type");
    }
}

} // namespace

int run_app(int argc, char** argv, const AppSpec& app) noexcept {
    open_standard_descriptors();
    interrupts::install();
    // Names from images are bytes, and UTF-8 wherever they are text; LC_ALL=C changes nothing.
    std::setlocale(LC_CTYPE, "C.UTF-8");
    const ExitCode code = run_guarded(argc, argv, app);
    return static_cast<int>(code);
}

} // namespace bulla::cli
