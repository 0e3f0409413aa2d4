// SPDX-License-Identifier: Apache-2.0
#include "cli/common/option_set.hpp"

#include "base/core/text.hpp"
#include "cli/common/option_words.hpp"
#include "cli/common/suggest.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace bulla::cli {

namespace {

Error usage(std::string message) {
    return Error{ErrorCode::usage, std::move(message)};
}

std::string quoted(std::string_view word) {
    return "\"" + text::printable(word) + "\"";
}

/// Adds which option a value was for to what a parse function said about the value.
Error for_option(Error error, std::string_view what) {
    error.message.insert(0, std::string(what) + ": ");
    return error;
}

} // namespace

void OptionSet::declare(const OptionText& text, Arity arity, Need need, Store store) {
    Option option;
    const auto comma = text.name.find(',');
    if (comma == std::string_view::npos) {
        option.long_name = text.name;
    } else {
        option.short_name = text.name.substr(0, comma);
        option.long_name = text.name.substr(comma + 1);
    }
    option.placeholder = text.placeholder;
    option.help = text.help;
    option.environment = text.environment;
    option.default_text = text.default_text;
    option.group = group_;
    option.arity = arity;
    option.need = need;
    option.store = std::move(store);
    assert(option.long_name.starts_with("--") && find(option.long_name) == nullptr);
    options_.push_back(std::move(option));
    origins_.push_back(Origin::none);
}

void OptionSet::flag(const OptionText& text, bool& target) {
    declare(text, Arity::flag, Need::optional, [&target](std::string_view) {
        target = true;
        return ok();
    });
}

void OptionSet::counter(const OptionText& text, int& target) {
    declare(text, Arity::counter, Need::optional, [&target](std::string_view) {
        ++target;
        return ok();
    });
}

void OptionSet::value(const OptionText& text, std::string& target, Need need) {
    declare(text, Arity::value, need, [&target](std::string_view value) {
        target = value;
        return ok();
    });
}

void OptionSet::value(const OptionText& text, std::optional<std::string>& target) {
    declare(text, Arity::value, Need::optional, [&target](std::string_view value) {
        target = value;
        return ok();
    });
}

void OptionSet::list(const OptionText& text, std::vector<std::string>& target, Need need) {
    declare(text, Arity::list, need, [&target](std::string_view value) {
        target.emplace_back(value);
        return ok();
    });
}

void OptionSet::declare_choice(const OptionText& text,
                               std::vector<std::string_view> names,
                               std::function<void(std::size_t)> store) {
    std::string joined;
    for (const auto name : names) {
        joined.append(joined.empty() ? "" : "|").append(name);
    }
    OptionText shown = text;
    shown.placeholder = joined;
    declare(shown,
            Arity::value,
            Need::optional,
            [names, joined, store = std::move(store)](std::string_view value) -> Status {
                const auto at = std::ranges::find(names, value);
                if (at == names.end()) {
                    return usage("expected one of " + joined + ", found " + quoted(value));
                }
                store(static_cast<std::size_t>(at - names.begin()));
                return ok();
            });
    options_.back().choices.assign(names.begin(), names.end());
}

void OptionSet::positional(const PositionalText& text, std::string& target) {
    positionals_.push_back(
        {std::string(text.name), std::string(text.help), 1, 1, [&target](std::string_view value) {
             target = value;
             return ok();
         }});
}

void OptionSet::positional(const PositionalText& text, std::optional<std::string>& target) {
    positionals_.push_back(
        {std::string(text.name), std::string(text.help), 0, 1, [&target](std::string_view value) {
             target = value;
             return ok();
         }});
}

void OptionSet::positionals(const PositionalText& text,
                            std::vector<std::string>& target,
                            std::size_t min,
                            std::size_t max) {
    positionals_.push_back({std::string(text.name),
                            std::string(text.help),
                            min,
                            max,
                            [&target](std::string_view value) {
                                target.emplace_back(value);
                                return ok();
                            }});
}

void OptionSet::conflict(std::string_view one, std::string_view other) {
    assert(find(one) != nullptr && find(other) != nullptr);
    conflicts_.emplace_back(one, other);
}

const OptionSet::Option* OptionSet::find(std::string_view name) const {
    const auto at = std::ranges::find_if(options_, [name](const Option& option) {
        return option.long_name == name || (!name.empty() && option.short_name == name);
    });
    return at == options_.end() ? nullptr : &*at;
}

OptionSet::Origin OptionSet::origin_of(std::string_view long_name) const {
    const auto* const option = find(long_name);
    return option == nullptr ? Origin::none
                             : origins_[static_cast<std::size_t>(option - options_.data())];
}

bool OptionSet::given(std::string_view long_name) const {
    return origin_of(long_name) == Origin::command_line;
}

bool OptionSet::contradicts_what_was_given(std::string_view long_name) const {
    return std::ranges::any_of(conflicts_, [&](const auto& pair) {
        const auto& [one, other] = pair;
        const std::string_view partner = one == long_name     ? other
                                         : other == long_name ? one
                                                              : std::string_view();
        const Origin origin = origin_of(partner);
        return origin == Origin::command_line || origin == Origin::environment;
    });
}

Error OptionSet::unknown_option(const std::string& word) const {
    const std::string name = word.substr(0, word.find('='));
    auto error = usage("unknown option " + quoted(name));
    std::vector<std::string_view> names;
    for (const auto& option : options_) {
        names.push_back(option.long_name);
    }
    if (const auto near = suggest(name, names); !near.empty() && name.starts_with("--")) {
        error.hint = "did you mean `" + std::string(near) + "`?";
    }
    return error;
}

Result<OptionSet::Outcome> OptionSet::parse(std::span<const std::string> words,
                                            const SettingSource& source) {
    BULLA_TRY(check_words(words));
    BULLA_TRY_ASSIGN(const Words found, tokenise(words));
    for (const auto& [name, outcome] :
         {std::pair{"--help", Outcome::help_asked}, {"--version", Outcome::version_asked}}) {
        if (const auto* const option = find(name); option != nullptr) {
            if (!found.values[static_cast<std::size_t>(option - options_.data())].empty()) {
                return outcome;
            }
        }
    }
    BULLA_TRY(apply_options(found));
    if (found.unknown) {
        return unknown_option(*found.unknown);
    }
    std::vector<Setting> settings;
    if (source) {
        BULLA_TRY_ASSIGN(settings, source());
        for (const auto& setting : settings) {
            BULLA_TRY(apply_setting(setting));
        }
    }
    BULLA_TRY(check_complete(settings));
    BULLA_TRY(apply_arguments(found));
    return Outcome::parsed;
}

Status OptionSet::check_complete(const std::vector<Setting>& settings) const {
    for (std::size_t i = 0; i < options_.size(); ++i) {
        if (options_[i].need == Need::required && origins_[i] == Origin::none) {
            return usage("missing option " + options_[i].long_name + " " + options_[i].placeholder);
        }
    }
    for (const auto& [one, other] : conflicts_) {
        const std::string message = one + " and " + other + " contradict each other";
        if (given(one) && given(other)) {
            return usage(message);
        }
        if (origin_of(one) == Origin::setting && origin_of(other) == Origin::setting) {
            const auto at = std::ranges::find(settings, other, &Setting::option);
            return usage(message).at(at == settings.end() ? std::string() : at->where);
        }
    }
    return ok();
}

Status OptionSet::apply_options(const Words& words) {
    for (std::size_t i = 0; i < options_.size(); ++i) {
        const auto& option = options_[i];
        const auto& values = words.values[i];
        if (values.empty()) {
            BULLA_TRY(apply_environment(i));
            continue;
        }
        origins_[i] = Origin::command_line;
        if (option.arity == Arity::value && values.size() > 1) {
            return usage(option.long_name + " is given " + std::to_string(values.size()) +
                         " times and takes one value");
        }
        for (const auto& value : values) {
            if (value.empty()) {
                return usage(option.long_name + " needs a value, found an empty one");
            }
            if (auto status = option.store(value); !status) {
                return for_option(std::move(status.error()), option.long_name);
            }
        }
    }
    return ok();
}

Status OptionSet::apply_environment(std::size_t index) {
    const auto& option = options_[index];
    const char* const value =
        option.environment.empty() ? nullptr : std::getenv(option.environment.c_str());
    if (value != nullptr && *value != '\0') {
        if (auto status = option.store(value); !status) {
            return for_option(std::move(status.error()), option.environment);
        }
        origins_[index] = Origin::environment;
    }
    return ok();
}

Status OptionSet::apply_setting(const Setting& setting) {
    const auto* const option = find(setting.option);
    assert(option != nullptr);
    auto& origin = origins_[static_cast<std::size_t>(option - options_.data())];
    if (origin != Origin::none || contradicts_what_was_given(setting.option)) {
        return ok();
    }
    origin = Origin::setting;
    for (const auto& value : setting.values) {
        if (auto status = option->store(value); !status) {
            Error error = for_option(std::move(status.error()), setting.option);
            error.code = ErrorCode::usage;
            return std::move(error).at(setting.where);
        }
    }
    return ok();
}

Status OptionSet::apply_arguments(const Words& words) {
    std::size_t next = 0;
    for (const auto& argument : positionals_) {
        std::size_t count = 0;
        while (count < argument.max && next < words.arguments.size()) {
            const auto& word = words.arguments[next++];
            if (word.empty()) {
                return usage("argument " + argument.name + " is empty");
            }
            if (auto status = argument.store(word); !status) {
                return for_option(std::move(status.error()), argument.name);
            }
            ++count;
        }
        if (count < argument.min) {
            return usage("missing argument " + argument.name);
        }
    }
    if (next < words.arguments.size()) {
        return usage("unexpected argument " + quoted(words.arguments[next]));
    }
    return ok();
}

} // namespace bulla::cli
