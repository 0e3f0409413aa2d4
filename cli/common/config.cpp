// SPDX-License-Identifier: Apache-2.0
#include "cli/common/config.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "base/toml/toml.hpp"
#include "cli/common/config_keys.hpp"
#include "cli/common/suggest.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace bulla::cli {

namespace {

/// More repetitions of -v than anybody types.
constexpr std::uint64_t kMostCounts = 9;

std::optional<std::string> folder_in(const char* variable) {
    const char* const value = std::getenv(variable);
    // The XDG base directory specification has relative paths ignored.
    return value != nullptr && *value == '/' ? std::optional<std::string>(value) : std::nullopt;
}

Error usage(std::string message) {
    return Error{ErrorCode::usage, std::move(message)};
}

std::string quoted(std::string_view word) {
    return "\"" + text::printable(word) + "\"";
}

std::string joined(std::span<const std::string> names, char separator) {
    std::string out;
    for (const auto& name : names) {
        out += (out.empty() ? "" : std::string(1, separator)) + name;
    }
    return out;
}

Error unknown(std::string_view what,
              const std::string& name,
              std::span<const std::string_view> known) {
    Error error =
        usage("unknown " + std::string(what) + " " + quoted(name) + " in the config file");
    if (const auto near = suggest(name, known); !near.empty()) {
        error.hint = "did you mean `" + std::string(near) + "`?";
    }
    return error;
}

Error unknown_key(const std::string& name) {
    std::vector<std::string_view> names;
    for (const auto& key : config_keys()) {
        if (key.settable != Settable::never) {
            names.push_back(key.name);
        }
    }
    return unknown("setting", name, names);
}

/// How narrow a table is: the narrowest that sets an option wins.
enum class Level : std::uint8_t { other, everywhere, program, command };

/// For whom the table of an entry is meant.
Result<Level> level_of(const toml::Entry& entry, const ConfigScope& scope) {
    const std::span<const std::string> tables(entry.path.data(), entry.path.size() - 1);
    if (tables.empty()) {
        return Level::everywhere;
    }
    if (std::ranges::find(config_programs(), tables.front()) == config_programs().end()) {
        return unknown("table", tables.front(), config_programs());
    }
    if (tables.front() != scope.program) {
        return Level::other;
    }
    const std::string command = joined(tables.subspan(1), ' ');
    if (command.empty()) {
        return Level::program;
    }
    if (std::ranges::find(scope.commands, command) == scope.commands.end()) {
        return unknown("command of " + tables.front(), command, scope.commands);
    }
    return command == scope.command ? Level::command : Level::other;
}

Status check_allowed(const ConfigKey& key, const ConfigFile& file) {
    const std::string option = "--" + std::string(key.name);
    if (key.settable == Settable::never) {
        return usage(option + " is not taken from a config file")
            .with_hint("give it on the command line");
    }
    if (key.settable == Settable::named_file && file.origin != ConfigFile::Origin::named) {
        return usage(option +
                     " changes what a command answers, and is not taken from a config file "
                     "that nobody named")
            .with_hint("give it on the command line, or move it to a file of its own and name "
                       "that with --config or BULLA_CONFIG");
    }
    return ok();
}

Error wrong_kind(const std::string& key, std::string_view expected, const toml::Value& value) {
    return usage(key + ": expected " + std::string(expected) + ", found " +
                 std::string(toml::to_string(value.kind)));
}

/// A number is wanted where the help writes N for it.
Result<std::string>
text_of(const std::string& key, const OptionSet::Option& option, const toml::Value& value) {
    const bool number = option.placeholder == "N";
    if (value.kind != (number ? toml::Kind::integer : toml::Kind::string)) {
        return wrong_kind(key, number ? "an integer" : "a string", value);
    }
    if (value.text.empty()) {
        return usage(key + ": a value was expected, found an empty one");
    }
    const ConfigKey* const rule = find_config_key(key);
    if (rule != nullptr && rule->paths == PathRule::absolute && !value.text.starts_with('/') &&
        value.text.find("://") == std::string::npos) {
        return usage(key + ": expected a path from the root in a config file, found " +
                     quoted(value.text))
            .with_hint("what a relative path leads to would depend on the working folder");
    }
    return value.text;
}

/// What the command line would have said, one text for each occurrence.
Result<std::vector<std::string>>
values_of(const std::string& key, const OptionSet::Option& option, const toml::Value& value) {
    switch (option.arity) {
    case Arity::flag:
        if (value.kind != toml::Kind::boolean) {
            return wrong_kind(key, "true or false", value);
        }
        return std::vector<std::string>(value.text == "true" ? 1 : 0);
    case Arity::counter: {
        const auto count = text::parse_unsigned(value.text);
        if (value.kind != toml::Kind::integer || !count || *count > kMostCounts) {
            return wrong_kind(key, "an integer from 0 to " + std::to_string(kMostCounts), value);
        }
        return std::vector<std::string>(static_cast<std::size_t>(*count));
    }
    case Arity::value:
        break;
    case Arity::list:
        if (value.kind == toml::Kind::array) {
            std::vector<std::string> texts;
            for (const auto& item : value.items) {
                BULLA_TRY_ASSIGN(texts.emplace_back(), text_of(key, option, item));
            }
            return texts;
        }
        break;
    }
    BULLA_TRY_ASSIGN(auto text, text_of(key, option, value));
    return std::vector<std::string>{std::move(text)};
}

struct Chosen {
    Level level = Level::other;
    Setting setting;
};

/// Takes one entry of the file into account.
Status take(const toml::Entry& entry,
            const ConfigFile& file,
            const ConfigScope& scope,
            const OptionSet& options,
            std::map<std::string, Chosen>& chosen) {
    const std::string& key = entry.path.back();
    BULLA_TRY_ASSIGN(const Level level, level_of(entry, scope));
    const ConfigKey* const known = find_config_key(key);
    if (known == nullptr) {
        return unknown_key(key);
    }
    BULLA_TRY(check_allowed(*known, file));
    const auto* const option = options.find("--" + key);
    if (option == nullptr && level == Level::command) {
        return usage(std::string(scope.program) + " " + std::string(scope.command) +
                     " has no option --" + key);
    }
    if (option == nullptr || level == Level::other) {
        return ok();
    }
    BULLA_TRY_ASSIGN(auto values, values_of(key, *option, entry.value));
    auto& best = chosen[option->long_name];
    if (level > best.level) {
        best = {level,
                {.option = option->long_name,
                 .values = std::move(values),
                 .where = toml::locate(file.path, entry.value.at)}};
    }
    return ok();
}

/// Where the mistake is, and how to do without the file.
Error at_file(Error error, const ConfigFile& file, std::string where) {
    error.code = ErrorCode::usage; // exit code 2 for all that is wrong with a config file
    if (error.where.empty()) {
        error.where = std::move(where);
    }
    if (error.hint.empty() && file.origin == ConfigFile::Origin::implicit) {
        error.hint = "`--config /dev/null` goes on without the file";
    }
    return error;
}

} // namespace

std::optional<ConfigFile> find_config(const std::optional<std::string>& named) {
    if (named) {
        return ConfigFile{*named, ConfigFile::Origin::named};
    }
    auto folder = folder_in("XDG_CONFIG_HOME");
    if (const auto home = folder_in("HOME"); !folder && home) {
        folder = *home + "/.config";
    }
    if (!folder) {
        return std::nullopt;
    }
    return ConfigFile{*folder + "/bulla/config.toml", ConfigFile::Origin::implicit};
}

Result<std::vector<Setting>> settings_of(std::string_view text,
                                         const ConfigFile& file,
                                         const ConfigScope& scope,
                                         const OptionSet& options) {
    auto entries = toml::parse(text, file.path);
    if (!entries) {
        return at_file(std::move(entries.error()), file, file.path);
    }
    std::map<std::string, Chosen> chosen;
    for (const auto& entry : *entries) {
        if (auto status = take(entry, file, scope, options, chosen); !status) {
            return at_file(std::move(status.error()), file, toml::locate(file.path, entry.at));
        }
    }
    std::vector<Setting> settings;
    for (auto& [name, best] : chosen) {
        if (!best.setting.values.empty()) {
            settings.push_back(std::move(best.setting));
        }
    }
    return settings;
}

Result<std::vector<Setting>> read_settings(const std::optional<std::string>& named,
                                           const ConfigScope& scope,
                                           const OptionSet& options) {
    const auto file = find_config(named);
    if (!file) {
        return std::vector<Setting>();
    }
    auto text = read_file(file->path, limits::kSettingsBytes);
    if (!text) {
        if (file->origin == ConfigFile::Origin::implicit &&
            text.error().code == ErrorCode::not_found) {
            return std::vector<Setting>();
        }
        return at_file(std::move(text.error()), *file, file->path);
    }
    return settings_of(*text, *file, scope, options);
}

} // namespace bulla::cli
