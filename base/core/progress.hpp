// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace bulla {

/// One piece of work whose advance somebody may watch: a blob on its way, a layer being read.
/// Destroying it ends it.
class ProgressTask {
  public:
    virtual ~ProgressTask() = default;

    /// `bytes` more are done. Cheap; called for every block, from any one thread at a time.
    virtual void advance(std::uint64_t bytes) = 0;
};

/// What a person sees while work goes on: bars on a terminal, lines elsewhere, or nothing. Safe to
/// call from several threads.
class ProgressSink {
  public:
    virtual ~ProgressSink() = default;

    /// Announces work of `total_bytes` (0 if unknown) under a short name such as "layer 2/5
    /// sha256:9f2c…".
    virtual std::unique_ptr<ProgressTask> begin(std::string name, std::uint64_t total_bytes) = 0;
};

/// Shows nothing.
class NullProgressSink final : public ProgressSink {
  public:
    std::unique_ptr<ProgressTask> begin(std::string, std::uint64_t) override {
        class Task final : public ProgressTask {
            void advance(std::uint64_t) override {}
        };

        return std::make_unique<Task>();
    }
};

} // namespace bulla
