// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace bulla {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// A name and a value that a log line carries beside its text.
struct LogField {
    std::string_view name;
    std::string value;
};

/// Where messages for people and machines go. Passed by reference to whoever logs; there is no
/// global logger. Implementations are safe to call from several threads. Never pass a secret.
class Logger {
  public:
    virtual ~Logger() = default;

    virtual void
    log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) = 0;

    /// True if a message of this level would be shown: asked before building an expensive one.
    virtual bool shows(LogLevel level) const = 0;

    void debug(std::string_view message, std::initializer_list<LogField> fields = {}) {
        log(LogLevel::debug, message, fields);
    }

    void info(std::string_view message, std::initializer_list<LogField> fields = {}) {
        log(LogLevel::info, message, fields);
    }

    void warning(std::string_view message, std::initializer_list<LogField> fields = {}) {
        log(LogLevel::warning, message, fields);
    }

    void error(std::string_view message, std::initializer_list<LogField> fields = {}) {
        log(LogLevel::error, message, fields);
    }
};

/// Drops everything. For tests and for callers that have nobody to tell.
class NullLogger final : public Logger {
  public:
    void log(LogLevel, std::string_view, std::initializer_list<LogField>) override {}

    bool shows(LogLevel) const override { return false; }
};

} // namespace bulla
