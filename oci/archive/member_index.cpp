// SPDX-License-Identifier: Apache-2.0
#include "oci/archive/member_index.hpp"

#include "base/archive/tar_walker.hpp"
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/walk/path.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>

namespace bulla::oci {

namespace {

constexpr std::size_t kBlock = 64 * limits::kKiB;

Error malformed_member(std::string_view name, std::string_view why) {
    return Error{ErrorCode::malformed,
                 "the archive's member \"" + text::printable(name) + "\" " + std::string(why)};
}

/// The name in its one form; nothing if it is absolute or leads above the root.
std::optional<std::string> clean(std::string_view name) {
    std::string out;
    if (name.starts_with('/') || name.size() > limits::kPathBytes ||
        !walk::normalise_path(name, out)) {
        return std::nullopt;
    }
    return out;
}

/// What a link in `name` means, from the root; empty if that is outside.
std::string link_target(const archive::TarEntry& entry, const std::string& name) {
    std::string target(entry.link);
    if (entry.kind == archive::TarKind::symlink && !target.starts_with('/')) {
        const auto slash = name.rfind('/');
        target.insert(0, slash == std::string::npos ? std::string() : name.substr(0, slash + 1));
    }
    return clean(target).value_or(std::string());
}

Status same_bytes(const FileReader& file,
                  const MemberIndex::Range& a,
                  const MemberIndex::Range& b,
                  std::string_view name) {
    Error differ = malformed_member(
        name, "is there more than once with different content, and which one is meant is unclear");
    if (a.size != b.size) {
        return differ;
    }
    const auto blocks = std::make_unique_for_overwrite<char[]>(2 * kBlock);
    for (std::uint64_t at = 0; at < a.size;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, a.size - at));
        BULLA_TRY_ASSIGN(const std::size_t first,
                         file.read_at(std::span(blocks.get(), wanted), a.offset + at));
        BULLA_TRY_ASSIGN(const std::size_t second,
                         file.read_at(std::span(blocks.get() + kBlock, wanted), b.offset + at));
        const std::size_t count = std::min(first, second);
        if (count == 0) {
            return malformed_member(name, "is cut off");
        }
        if (ByteView(blocks.get(), count) != ByteView(blocks.get() + kBlock, count)) {
            return differ;
        }
        at += count;
    }
    return ok();
}

} // namespace

class MemberIndex::Collector final : public archive::TarVisitor {
  public:
    explicit Collector(MemberIndex& index) : index_(index) {}

    Result<archive::ContentWish> entry(const archive::TarEntry& entry) override {
        last_ = std::string(entry.name);
        if (++count_ > limits::kArchiveMembers) {
            return Error{ErrorCode::limit_exceeded,
                         "expected an archive of at most " +
                             std::to_string(limits::kArchiveMembers) + " members and found more"};
        }
        auto name = clean(entry.name);
        if (!name || name->empty()) {
            return archive::ContentWish::skip;
        }
        Member member;
        if (entry.kind == archive::TarKind::regular) {
            member.kind = entry.holes == 0 ? Kind::regular : Kind::with_holes;
            member.range = {entry.offset, entry.size};
        } else if (entry.kind == archive::TarKind::symlink ||
                   entry.kind == archive::TarKind::hard_link) {
            member.kind = Kind::link;
            member.target = link_target(entry, *name);
        }
        index_.members_.emplace(std::move(*name), std::move(member));
        return archive::ContentWish::skip;
    }

    Status content(ByteView) override { return ok(); }

    Status content_end() override { return ok(); }

    void note(std::string) override {} // oddities of what is around an image change nothing in it

    const std::string& last() const { return last_; }

  private:
    MemberIndex& index_;
    std::string last_;
    std::size_t count_ = 0;
};

Result<MemberIndex> MemberIndex::read(const FileReader& file, std::uint64_t size) {
    MemberIndex out;
    Collector collector(out);
    archive::TarWalker walker(collector);
    const auto block = std::make_unique_for_overwrite<char[]>(kBlock);
    std::uint64_t at = 0;
    while (at < size) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, size - at));
        BULLA_TRY_ASSIGN(const std::size_t count, file.read_at(std::span(block.get(), wanted), at));
        if (count == 0) {
            break; // somebody makes it shorter while we read
        }
        BULLA_TRY(walker.feed(ByteView(block.get(), count)));
        at += count;
        at += walker.pass_over();
    }
    if (at > size) {
        return malformed_member(collector.last(), "is cut off");
    }
    BULLA_TRY(walker.finish());
    return out;
}

bool MemberIndex::contains(std::string_view name) const {
    return members_.contains(name);
}

Status MemberIndex::check_twins(const FileReader& file, const std::string& name) const {
    const auto [first, last] = members_.equal_range(name);
    for (auto twin = std::next(first); twin != last; ++twin) {
        const Member& a = first->second;
        const Member& b = twin->second;
        if (a.kind == Kind::regular && b.kind == Kind::regular) {
            BULLA_TRY(same_bytes(file, a.range, b.range, name));
        } else if (a.kind != b.kind || a.target != b.target) {
            return malformed_member(name, "is there more than once, as different kinds of file");
        }
    }
    return ok();
}

Result<MemberIndex::Range> MemberIndex::find(const FileReader& file, std::string_view name) const {
    auto path = clean(name);
    if (!path || path->empty()) {
        return malformed_member(name, "would lie outside of the archive");
    }
    for (std::size_t hop = 0; hop <= limits::kSymlinkHops; ++hop) {
        const auto found = members_.find(*path);
        if (found == members_.end()) {
            Error error{ErrorCode::not_found,
                        "the archive has no member \"" + text::printable(name) + "\""};
            return hop == 0 ? std::move(error)
                            : std::move(error).with("it is a link to", text::printable(*path));
        }
        BULLA_TRY(check_twins(file, *path));
        switch (found->second.kind) {
        case Kind::regular:
            return found->second.range;
        case Kind::with_holes:
            return malformed_member(*path, "is stored with holes, which images are not");
        case Kind::other:
            return malformed_member(*path, "is not a file");
        case Kind::link:
            break;
        }
        path = found->second.target;
        if (path->empty()) {
            return malformed_member(name, "is a link that leads out of the archive");
        }
    }
    return malformed_member(name, "is a link that leads to no end");
}

std::vector<std::string_view> MemberIndex::names() const {
    std::vector<std::string_view> out;
    for (const auto& [name, member] : members_) {
        if (out.empty() || out.back() != name) {
            out.push_back(name);
        }
    }
    return out;
}

} // namespace bulla::oci
