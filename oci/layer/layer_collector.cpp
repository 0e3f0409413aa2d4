// SPDX-License-Identifier: Apache-2.0
#include "oci/layer/layer_collector.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/walk/path.hpp"

#include <utility>

namespace bulla::oci {

namespace {

constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";

walk::EntryKind kind_of(archive::TarKind kind) {
    switch (kind) {
    case archive::TarKind::regular:
        return walk::EntryKind::regular;
    case archive::TarKind::directory:
        return walk::EntryKind::directory;
    case archive::TarKind::symlink:
        return walk::EntryKind::symlink;
    case archive::TarKind::hard_link:
        return walk::EntryKind::hard_link;
    case archive::TarKind::character_device:
        return walk::EntryKind::character_device;
    case archive::TarKind::block_device:
        return walk::EntryKind::block_device;
    case archive::TarKind::fifo:
        return walk::EntryKind::fifo;
    }
    return walk::EntryKind::regular;
}

Error bad_entry(std::string_view name, std::string_view why) {
    return Error{ErrorCode::malformed,
                 "the layer's entry \"" + text::printable(name) + "\" " + std::string(why)};
}

} // namespace

std::string_view LayerCollector::normalise(std::string_view name, std::string& buffer) {
    // Nearly every name is either normal already or has "./" in front or a slash behind.
    if (name.starts_with("./")) {
        name.remove_prefix(2);
    }
    if (name.ends_with('/')) {
        name.remove_suffix(1);
    }
    if (walk::is_normalised(name)) {
        return name;
    }
    if (!walk::normalise_path(name, buffer) && clamped_++ == 0) {
        note("names lead out of the root and were held back there, the first is \"" +
             text::printable(name) + "\"");
    }
    return buffer;
}

Result<archive::ContentWish> LayerCollector::entry(const archive::TarEntry& entry) {
    const auto path = normalise(entry.name, path_);
    if (path.empty()) {
        // A root that is not a directory could become a link that everything else is written
        // through (CVE-2021-29136).
        if (entry.kind != archive::TarKind::directory) {
            return bad_entry(entry.name, "is the root and must be a directory");
        }
        return archive::ContentWish::skip;
    }
    const auto slash = path.rfind('/');
    const auto name = path.substr(slash + 1); // npos + 1 is 0
    if (name.starts_with(kWhiteout)) {
        BULLA_TRY(add_whiteout(path.substr(0, slash == std::string_view::npos ? 0 : slash), name));
        return archive::ContentWish::skip;
    }
    if (entry.kind == archive::TarKind::regular) {
        return add_regular(entry, path);
    }
    BULLA_TRY(add_other(entry, path));
    return archive::ContentWish::skip;
}

Result<archive::ContentWish> LayerCollector::add_regular(const archive::TarEntry& entry,
                                                         std::string_view path) {
    walk::EntryFact fact;
    fact.path = path;
    fact.size = entry.size;
    route_ = router_.route(path);
    size_ = entry.size;
    holes_ = entry.holes;
    if (holes_ > 0) {
        sparse_path_ = path;
    }
    keeps_ = route_.keep && entry.size <= route_.max_bytes;
    if (keeps_) {
        BULLA_TRY(charge_holes());
        BULLA_TRY(writer_.begin_content(fact));
    } else {
        fact.content_state = route_.keep ? walk::ContentState::too_large : walk::ContentState::none;
        BULLA_TRY(writer_.add(fact));
    }
    if (entry.size >= walk::kScanHeadBytes && router_.recognises()) {
        return archive::ContentWish::peek; // begins the scans
    }
    BULLA_TRY(begin_scans(entry.size > 0 ? route_.scanners : 0));
    return keeps_ || !scans_.empty() ? archive::ContentWish::deliver : archive::ContentWish::skip;
}

Result<archive::ContentWish> LayerCollector::head(ByteView first) {
    BULLA_TRY(begin_scans(route_.scanners | router_.recognise(first)));
    return keeps_ || !scans_.empty() ? archive::ContentWish::deliver : archive::ContentWish::skip;
}

/// A file's holes are delivered as zeros, and cost its writer nothing.
Status LayerCollector::charge_holes() {
    if (holes_ > limits::kSparseHoleBytes - filled_holes_) {
        return Error{ErrorCode::limit_exceeded,
                     "expected at most " + std::to_string(limits::kSparseHoleBytes) +
                         " bytes of holes in sparse files that are read and found more at \"" +
                         text::printable(sparse_path_) + "\""};
    }
    filled_holes_ += std::exchange(holes_, 0);
    return ok();
}

Status LayerCollector::begin_scans(walk::ScannerSet scanners) {
    if (scanners == 0) {
        return ok();
    }
    BULLA_TRY(charge_holes());
    const auto kinds = router_.scanners();
    for (std::uint32_t i = 0; i < kinds.size(); ++i) {
        if ((scanners >> i & 1U) != 0) {
            scans_.emplace_back(i, kinds[i].make(size_, route_.effort));
        }
    }
    return ok();
}

Status LayerCollector::add_other(const archive::TarEntry& entry, std::string_view path) {
    walk::EntryFact fact;
    fact.kind = kind_of(entry.kind);
    fact.path = path;
    fact.target = entry.link;
    if (entry.kind == archive::TarKind::hard_link) {
        fact.target = normalise(entry.link, target_);
        if (fact.target.empty()) {
            return bad_entry(entry.name, "is a hard link to the root");
        }
    }
    return writer_.add(fact);
}

Status LayerCollector::add_whiteout(std::string_view parent, std::string_view marker) {
    walk::EntryFact fact;
    // Only this exact name is the opaque marker; ".wh..wh..opqX" hides ".wh..opqX".
    if (marker == kOpaque) {
        fact.kind = walk::EntryKind::opaque;
        fact.path = parent;
        return writer_.add(fact);
    }
    const auto hidden = marker.substr(kWhiteout.size());
    // Read as a path these would hide the folder they are in, or the one above.
    if (hidden.empty() || hidden == "." || hidden == "..") {
        return bad_entry(marker, "is a whiteout that names nothing");
    }
    std::string path(parent);
    path += parent.empty() ? "" : "/";
    path += hidden;
    fact.kind = walk::EntryKind::whiteout;
    fact.path = path;
    return writer_.add(fact);
}

Status LayerCollector::content(ByteView piece) {
    for (const auto& [number, scanner] : scans_) {
        BULLA_TRY(scanner->feed(piece));
    }
    return keeps_ ? writer_.append_content(piece) : ok();
}

Status LayerCollector::content_end() {
    if (keeps_) {
        BULLA_TRY(writer_.end_content());
    }
    for (const auto& [number, scanner] : scans_) {
        BULLA_TRY_ASSIGN(const auto result, scanner->finish());
        BULLA_TRY(writer_.add_scan(number, result));
    }
    scans_.clear();
    return ok();
}

void LayerCollector::note(std::string text) {
    writer_.note(std::move(text));
}

Result<walk::LayerFactsWriter::Finished> LayerCollector::finish(ByteView diff_id_hash) {
    if (clamped_ > 1) {
        note(std::to_string(clamped_) + " names in all lead out of the root");
    }
    return writer_.finish(diff_id_hash);
}

} // namespace bulla::oci
