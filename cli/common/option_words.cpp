// SPDX-License-Identifier: Apache-2.0
#include "cli/common/option_words.hpp"

#include "base/core/text.hpp"

#include <CLI/CLI.hpp>

namespace bulla::cli {

namespace {

/// Gives access to the words that CLI11 did not take for an option, with its verdict on each:
/// remaining() mixes unknown options with arguments behind `--`.
class WordSplitter final : public CLI::App {
  public:
    const missing_t& unclaimed() const { return missing_; }
};

bool takes_value(Arity arity) {
    return arity == Arity::value || arity == Arity::list;
}

Error usage(std::string message) {
    return Error{ErrorCode::usage, std::move(message)};
}

bool looks_like_option(const std::string& word) {
    return word.size() > 1 && word.front() == '-';
}

} // namespace

/// Refuses what CLI11 would read otherwise than people mean it: `--key= REF` and `--key --other`
/// would take the next word for the value.
Status OptionSet::check_words(std::span<const std::string> words) const {
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const auto& word = words[i];
        if (!looks_like_option(word)) {
            continue;
        }
        const auto equals = word.starts_with("--") ? word.find('=') : std::string::npos;
        const Option* option = find(word.substr(0, equals));
        if (option == nullptr && !word.starts_with("--")) {
            // In a group of short options the last may take its value from the next word; one
            // before it takes the rest of its own word.
            for (std::size_t at = 1; at < word.size(); ++at) {
                option = find(std::string{'-', word[at]});
                if (option == nullptr || takes_value(option->arity)) {
                    option = at + 1 == word.size() ? option : nullptr;
                    break;
                }
            }
        }
        if (option == nullptr) {
            continue; // unknown, or complete in itself
        }
        if (!takes_value(option->arity)) {
            if (equals != std::string::npos) {
                return usage(option->long_name + " takes no value");
            }
            continue;
        }
        if (equals != std::string::npos) {
            if (equals + 1 == word.size()) {
                return usage(option->long_name + " needs a value, found an empty one");
            }
            continue;
        }
        if (++i == words.size()) {
            return usage(option->long_name + " needs a value: " + option->placeholder);
        }
        if (find(words[i].substr(0, words[i].find('='))) != nullptr) {
            return usage(option->long_name + " needs a value, found the option \"" +
                         text::printable(words[i]) + "\"")
                .with_hint("write `" + option->long_name + "=" + text::printable(words[i]) +
                           "` if that is the value");
        }
    }
    return ok();
}

Result<OptionSet::Words> OptionSet::tokenise(std::span<const std::string> words) const {
    Words result;
    try {
        WordSplitter splitter;
        splitter.set_help_flag();
        splitter.allow_extras();
        std::vector<CLI::Option*> handles;
        for (const auto& option : options_) {
            const std::string names = option.short_name.empty()
                                          ? option.long_name
                                          : option.short_name + "," + option.long_name;
            if (takes_value(option.arity)) {
                // Exactly one word per occurrence, whatever follows; and no splitting of "[a,b]",
                // which comes with extra arguments.
                handles.push_back(
                    splitter.add_option(names)->expected(1)->take_all()->allow_extra_args(false));
            } else {
                handles.push_back(splitter.add_flag(names)->take_all()->disable_flag_override());
            }
        }
        splitter.parse(std::vector<std::string>(words.rbegin(), words.rend())); // last word first
        for (const auto* const handle : handles) {
            result.values.push_back(handle->results());
        }
        bool only_arguments = false;
        for (const auto& [kind, word] : splitter.unclaimed()) {
            if (kind == CLI::detail::Classifier::POSITIONAL_MARK) {
                only_arguments = true;
            } else if (!only_arguments && looks_like_option(word)) {
                result.unknown = result.unknown.value_or(word);
            } else {
                result.arguments.push_back(word);
            }
        }
    } catch (const CLI::ParseError& error) {
        return usage(error.what());
    } catch (const CLI::Error& error) {
        return Error{ErrorCode::internal, std::string("option table: ") + error.what()};
    }
    return result;
}

} // namespace bulla::cli
