// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/archive/tar_walker.hpp"
#include "base/walk/entry_router.hpp"
#include "base/walk/layer_facts.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::oci {

/// Makes LayerFacts of the entries of a layer's tar: normalises names, tells whiteouts from files
/// (image-spec layer.md, "Whiteouts"), and keeps or scans what the router wants.
class LayerCollector final : public archive::TarVisitor {
  public:
    explicit LayerCollector(const walk::EntryRouter& router) : router_(router) {}

    Result<archive::ContentWish> entry(const archive::TarEntry& entry) override;
    Result<archive::ContentWish> head(ByteView first) override;
    Status content(ByteView piece) override;
    Status content_end() override;
    void note(std::string text) override;

    /// The facts; the collector is spent. `diff_id_hash` as in LayerFactsWriter::finish.
    Result<walk::LayerFactsWriter::Finished> finish(ByteView diff_id_hash);

  private:
    std::string_view normalise(std::string_view name, std::string& buffer);
    Result<archive::ContentWish> add_regular(const archive::TarEntry& entry, std::string_view path);
    Status charge_holes();
    Status begin_scans(walk::ScannerSet scanners);
    Status add_other(const archive::TarEntry& entry, std::string_view path);
    Status add_whiteout(std::string_view parent, std::string_view marker);

    const walk::EntryRouter& router_;
    walk::LayerFactsWriter writer_;
    std::string path_;
    std::string target_;

    // the regular file at hand
    bool keeps_ = false;
    std::uint64_t size_ = 0;
    std::uint64_t holes_ = 0; ///< not charged yet
    std::string sparse_path_;
    walk::Route route_;
    std::vector<std::pair<std::uint32_t, std::unique_ptr<walk::EntryScanner>>> scans_;

    std::size_t clamped_ = 0;        ///< names with ".." above the root
    std::uint64_t filled_holes_ = 0; ///< bytes of wanted sparse files that are not in the archive
};

} // namespace bulla::oci
