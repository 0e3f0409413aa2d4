// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/io/file.hpp"
#include "base/io/reader.hpp"

#include <memory>
#include <thread>

namespace bulla::oci {

/// Turns a Reader into an open descriptor: a thread copies into a pipe. For handing a blob that
/// arrives over the network to a layer job, which takes a descriptor so that it can run in another
/// process.
class BlobPump {
  public:
    /// Starts copying. The descriptor to read from is taken once with `take_descriptor`.
    static Result<std::unique_ptr<BlobPump>> start(std::unique_ptr<Reader> source);

    BlobPump(const BlobPump&) = delete;
    BlobPump& operator=(const BlobPump&) = delete;

    /// Waits for the thread. Closing the descriptor that was taken makes it stop early.
    ~BlobPump();

    FileDescriptor take_descriptor() { return std::move(read_end_); }

    /// Waits for the end of the copy; the error of the source, if it had one. A reader that went
    /// away before the end is not an error here: it has its own.
    Status finish();

  private:
    BlobPump(std::unique_ptr<Reader> source, FileDescriptor read_end, FileDescriptor write_end);

    void copy();

    std::unique_ptr<Reader> source_;
    FileDescriptor read_end_;
    FileDescriptor write_end_;
    Status status_;
    std::thread thread_;
};

} // namespace bulla::oci
