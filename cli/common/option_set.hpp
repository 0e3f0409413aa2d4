// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::cli {

/// How an option is named and explained. Used with designated initialisers.
struct OptionText {
    std::string_view name;           ///< "--key", or with a short form "-o,--output"
    std::string_view placeholder{};  ///< what the value is: "FILE"; unused by flags
    std::string_view help;           ///< one sentence without a final stop
    std::string_view environment{};  ///< variable used when the option is not given
    std::string_view default_text{}; ///< shown as "(default: …)"
};

struct PositionalText {
    std::string_view name; ///< "REF"
    std::string_view help;
};

enum class Arity : std::uint8_t {
    flag,    ///< no value; repeating it changes nothing
    counter, ///< no value; counts
    value,   ///< one value, at most once
    list,    ///< one value per occurrence, any number of times
};
enum class Need : std::uint8_t { optional, required };

/// A value for an option from elsewhere than the command line and the environment, both of which
/// come before it.
struct Setting {
    std::string option{};              ///< "--jobs"
    std::vector<std::string> values{}; ///< one for each occurrence; of flags and counters empty
    std::string where{};               ///< where it stands, for errors: "FILE:LINE:COLUMN"
};

/// Asked once the command line has been applied, so that an option can say where settings are.
using SettingSource = std::function<Result<std::vector<Setting>>()>;

/// The options and arguments of one subcommand: declared once, then parsed, and walked by help and
/// documentation. The same rules hold for every binary:
///
/// - a value is one word: `--key FILE`, `--key=FILE`, `-k FILE`, `-kFILE`; never empty
/// - repeatable options take one value per occurrence; giving any other option twice is an error
/// - options and arguments mix in any order; everything after `--` is an argument
/// - names are never abbreviated; a flag takes no value
///
/// Targets must outlive the set. Not thread-safe.
class OptionSet {
  public:
    using Store = std::function<Status(std::string_view)>;

    struct Option {
        std::string long_name;  ///< with dashes; never empty
        std::string short_name; ///< with dash; may be empty
        std::string placeholder;
        std::string help;
        std::string environment;
        std::string default_text;
        std::string group;
        std::vector<std::string> choices{}; ///< the words it takes, if they are few
        Arity arity = Arity::value;
        Need need = Need::optional;
        Store store; ///< called once per occurrence
    };

    struct Positional {
        std::string name;
        std::string help;
        std::size_t min = 1;
        std::size_t max = 1;
        Store store;
    };

    /// Options declared from here on stand under this heading in --help.
    void group(std::string_view title) { group_ = title; }

    void flag(const OptionText& text, bool& target);
    void counter(const OptionText& text, int& target);
    void value(const OptionText& text, std::string& target, Need need = Need::optional);
    void value(const OptionText& text, std::optional<std::string>& target);
    void list(const OptionText& text, std::vector<std::string>& target, Need need = Need::optional);

    /// A value that `read` (std::string_view -> Result<T>) turns into the target's type; its error
    /// becomes the usage error.
    template <class T, class Parse>
    void parsed(const OptionText& text, T& target, Parse read, Need need = Need::optional) {
        declare(text, Arity::value, need, [&target, read](std::string_view value) -> Status {
            BULLA_TRY_ASSIGN(target, read(value));
            return ok();
        });
    }

    /// As `parsed`, for an option that may be repeated.
    template <class T, class Parse>
    void parsed_list(const OptionText& text, std::vector<T>& target, Parse read) {
        declare(
            text, Arity::list, Need::optional, [&target, read](std::string_view value) -> Status {
                BULLA_TRY_ASSIGN(auto item, read(value));
                target.push_back(std::move(item));
                return ok();
            });
    }

    /// One of a few words. The help shows them all.
    template <class T>
    void choice(const OptionText& text,
                T& target,
                std::initializer_list<std::pair<std::string_view, T>> words) {
        std::vector<std::string_view> names;
        std::vector<T> values;
        for (const auto& [name, value] : words) {
            names.push_back(name);
            values.push_back(value);
        }
        declare_choice(
            text, std::move(names), [&target, values](std::size_t at) { target = values[at]; });
    }

    /// An argument that must be there, once.
    void positional(const PositionalText& text, std::string& target);
    void positional(const PositionalText& text, std::optional<std::string>& target);
    /// The last arguments: `min` to `max` of them.
    void positionals(const PositionalText& text,
                     std::vector<std::string>& target,
                     std::size_t min = 1,
                     std::size_t max = SIZE_MAX);

    /// Giving both is a usage error. Full names, with dashes.
    void conflict(std::string_view one, std::string_view other);

    void declare(const OptionText& text, Arity arity, Need need, Store store);

    const std::vector<Option>& options() const { return options_; }

    const std::vector<Positional>& arguments() const { return positionals_; }

    /// By its long or short name, with dashes; null if there is none.
    const Option* find(std::string_view name) const;

    enum class Outcome : std::uint8_t { parsed, help_asked, version_asked };

    /// Reads the words after the subcommand. On an error some targets may have been set already.
    /// Every error is of code usage, except what a `parsed` function says. If --help or --version
    /// is among the words, nothing is required and nothing else is looked at. An option that the
    /// words or its environment variable gave keeps that value and takes none from `settings`; nor
    /// does one that contradicts such an option.
    Result<Outcome> parse(std::span<const std::string> words, const SettingSource& settings = {});

    /// True if the option was given on the command line (not by its environment variable).
    bool given(std::string_view long_name) const;

  private:
    struct Words;
    enum class Origin : std::uint8_t { none, command_line, environment, setting };

    Origin origin_of(std::string_view long_name) const;
    bool contradicts_what_was_given(std::string_view long_name) const;
    void declare_choice(const OptionText& text,
                        std::vector<std::string_view> names,
                        std::function<void(std::size_t)> store);
    Status check_words(std::span<const std::string> words) const;
    Result<Words> tokenise(std::span<const std::string> words) const;
    Status apply_options(const Words& words);
    Status apply_environment(std::size_t index);
    Status apply_setting(const Setting& setting);
    Status check_complete(const std::vector<Setting>& settings) const;
    Status apply_arguments(const Words& words);
    Error unknown_option(const std::string& word) const;

    std::string group_ = "Options";
    std::vector<Option> options_;
    std::vector<Positional> positionals_;
    std::vector<std::pair<std::string, std::string>> conflicts_;
    std::vector<Origin> origins_; ///< of each option
};

} // namespace bulla::cli
