// SPDX-License-Identifier: Apache-2.0
#include "oci/store/blob_pump.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace bulla::oci {

namespace {
/// Large enough that the network thread seldom waits for the parser; the kernel allows an ordinary
/// user this much.
constexpr int kPipeBytes = 1024 * 1024;
constexpr std::size_t kBlockBytes = 256 * 1024;
} // namespace

Result<std::unique_ptr<BlobPump>> BlobPump::start(std::unique_ptr<Reader> source) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return Error{ErrorCode::io, std::string("cannot make a pipe: ") + std::strerror(errno)};
    }
    FileDescriptor read_end(ends[0]);
    FileDescriptor write_end(ends[1]);
    ::fcntl(write_end.value(), F_SETPIPE_SZ, kPipeBytes); // a refusal only costs speed
    return std::unique_ptr<BlobPump>(
        new BlobPump(std::move(source), std::move(read_end), std::move(write_end)));
}

BlobPump::BlobPump(std::unique_ptr<Reader> source,
                   FileDescriptor read_end,
                   FileDescriptor write_end)
    : source_(std::move(source)), read_end_(std::move(read_end)), write_end_(std::move(write_end)),
      thread_([this] { copy(); }) {}

BlobPump::~BlobPump() {
    read_end_.reset();
    if (thread_.joinable()) {
        thread_.join();
    }
}

Status BlobPump::finish() {
    read_end_.reset();
    if (thread_.joinable()) {
        thread_.join();
    }
    return std::move(status_);
}

void BlobPump::copy() {
    // A job that gives up closes its end; the write must then fail instead of ending the process.
    sigset_t broken_pipe{};
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);

    std::vector<char> block(kBlockBytes);
    while (true) {
        auto count = source_->read(block);
        if (!count) {
            status_ = std::move(count.error());
            break;
        }
        const bool written =
            *count != 0 && write_all(write_end_.value(), ByteView(block.data(), *count));
        if (!written) {
            break;
        }
    }
    write_end_.reset();
}

} // namespace bulla::oci
