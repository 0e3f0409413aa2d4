// SPDX-License-Identifier: Apache-2.0
#include "base/walk/layer_facts.hpp"

#include "base/core/byte_order.hpp"
#include "base/core/limits.hpp"
#include "base/walk/layer_facts_sections.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace bulla::walk {

using namespace format;

namespace {

Status check_overflow(const Layout& layout, const FileDescriptor& overflow) {
    if (layout.overflow_bytes == 0) {
        return ok();
    }
    struct stat info{};
    if (!overflow.is_open() || fstat(overflow.value(), &info) != 0 || info.st_size < 0 ||
        static_cast<std::uint64_t>(info.st_size) != layout.overflow_bytes) {
        return bad_facts("the overflow file is missing or has another size");
    }
    return ok();
}

Result<Bytes> read_at(int fd, std::uint64_t offset, std::uint64_t size) {
    Bytes bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const auto count =
            pread(fd, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
        if (count > 0) {
            done += static_cast<std::size_t>(count);
        } else if (count == 0 || errno != EINTR) {
            const std::string why = count == 0 ? "it ends early" : std::strerror(errno);
            return Error{ErrorCode::io, "cannot read the kept content of a layer: " + why};
        }
    }
    return bytes;
}

} // namespace

struct LayerFacts::State {
    Bytes bytes;
    FileDescriptor overflow;
    Layout layout; ///< views into `bytes`
    std::vector<std::string> notes;

    Result<FileContent> read(std::uint64_t offset, std::uint64_t size) const;
};

LayerFacts::LayerFacts(std::unique_ptr<State> state) : state_(std::move(state)) {}

LayerFacts::LayerFacts(LayerFacts&&) noexcept = default;
LayerFacts& LayerFacts::operator=(LayerFacts&&) noexcept = default;
LayerFacts::~LayerFacts() = default;

Result<LayerFacts> LayerFacts::parse(Bytes bytes, FileDescriptor overflow) {
    auto state = std::make_unique<State>();
    state->bytes = std::move(bytes);
    state->overflow = std::move(overflow);
    BULLA_TRY_ASSIGN(state->layout, read_layout(state->bytes));
    BULLA_TRY(check_overflow(state->layout, state->overflow));
    BULLA_TRY(check_elements(state->layout));
    BULLA_TRY_ASSIGN(state->notes, read_notes(state->layout.notes));
    return LayerFacts(std::move(state));
}

ByteView LayerFacts::bytes() const {
    return state_->bytes;
}

std::size_t LayerFacts::size() const {
    return state_->layout.count;
}

void LayerFacts::for_each(const std::function<void(const EntryFact&)>& visit) const {
    EntryCursor cursor(state_->layout);
    EntryFact fact;
    while (!cursor.at_end() && cursor.next(fact)) {
        visit(fact);
    }
}

void LayerFacts::for_each_scan(const std::function<void(const ScanFact&)>& visit) const {
    ScanCursor cursor(state_->layout);
    ScanFact fact;
    while (!cursor.at_end() && cursor.next(fact)) {
        visit(fact);
    }
}

Result<FileContent> LayerFacts::State::read(std::uint64_t offset, std::uint64_t size) const {
    const auto inside = layout.content.size();
    if (!valid_place(offset, size, layout)) {
        return Error{ErrorCode::internal, "content was asked for that is not in these layer facts"};
    }
    if (offset + size <= inside) {
        return FileContent::borrowed(layout.content.substr(offset, size));
    }
    BULLA_TRY_ASSIGN(Bytes copy, read_at(overflow.value(), offset - inside, size));
    return FileContent(std::move(copy));
}

Result<FileContent> LayerFacts::read_content(const EntryFact& entry) const {
    return state_->read(entry.content_offset, entry.size);
}

Result<FileContent> LayerFacts::read_scan(const ScanFact& scan) const {
    return state_->read(scan.content_offset, scan.size);
}

ByteView LayerFacts::diff_id_hash() const {
    const bool present = load_little_endian<std::uint64_t>(state_->bytes, kHasDiffIdAt) == 1;
    return present ? ByteView(state_->bytes).substr(kDiffIdAt, kHashBytes) : ByteView();
}

std::vector<std::string> LayerFacts::notes() const {
    return state_->notes;
}

int LayerFacts::overflow() const {
    return state_->overflow.value();
}

std::uint64_t LayerFacts::overflow_size() const {
    return state_->layout.overflow_bytes;
}

std::optional<OverflowName> overflow_named_in(ByteView bytes) {
    if (bytes.size() < kHeaderBytes || !bytes.starts_with(kMagic)) {
        return std::nullopt;
    }
    const auto size = load_little_endian<std::uint64_t>(bytes, kOverflowBytesAt);
    if (size == 0 || size > limits::kKeptLayerBytes) {
        return std::nullopt;
    }
    return OverflowName{size, bytes.substr(kOverflowHashAt, kHashBytes)};
}

ByteView LayerFacts::overflow_hash() const {
    return overflow_size() == 0 ? ByteView()
                                : ByteView(state_->bytes).substr(kOverflowHashAt, kHashBytes);
}

} // namespace bulla::walk
