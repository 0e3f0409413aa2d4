// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/rpm_databases.hpp"

#include "sbom/catalogers/rpm_bdb.hpp"
#include "sbom/catalogers/rpm_ndb.hpp"
#include "sbom/catalogers/rpm_sqlite.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bulla::sbom {
namespace {

using Format = RpmDatabase::Format;

constexpr std::array<std::string_view, 3> kFolders{
    "usr/lib/sysimage/rpm/", "var/lib/rpm/", "usr/share/rpm/"};

/// Newest first.
constexpr std::array<std::pair<std::string_view, Format>, 3> kFiles{
    std::pair{"rpmdb.sqlite", Format::sqlite},
    std::pair{"Packages.db", Format::ndb},
    std::pair{"Packages", Format::bdb},
};

/// SQLite looks for its side files beside the real file, whatever links led there.
std::optional<FileEntry>
side_file(const FileView& view, const FileEntry& file, std::string_view end) {
    auto found = view.find(file.path + std::string(end));
    if (found && (found->type != FileType::regular || found->size == 0)) {
        found.reset();
    }
    return found;
}

std::optional<RpmDatabase> find_in_folder(const FileView& view, std::string_view folder) {
    for (const auto& [name, format] : kFiles) {
        const auto file = view.find(std::string(folder) + std::string(name));
        if (!file || file->type != FileType::regular) {
            continue;
        }
        RpmDatabase database{format, *file, std::nullopt};
        if (format == Format::sqlite) {
            database.wal = side_file(view, *file, "-wal");
            database.has_journal = side_file(view, *file, "-journal").has_value();
        }
        return database;
    }
    return std::nullopt;
}

Status read_headers(const FileView& view, const RpmDatabase& database, const RpmHeaderSink& sink) {
    const RpmFile file(view, database.file);
    switch (database.format) {
    case Format::sqlite: {
        if (!database.wal) {
            return read_rpm_sqlite(file, nullptr, sink);
        }
        const RpmFile wal(view, *database.wal);
        return read_rpm_sqlite(file, &wal, sink);
    }
    case Format::ndb:
        return read_rpm_ndb(file, sink);
    case Format::bdb:
        return read_rpm_bdb(file, sink);
    }
    return ok();
}

bool is_of_this_machine(const Error& error) {
    return error.code == ErrorCode::io || error.code == ErrorCode::internal;
}

} // namespace

std::vector<RpmDatabase> find_rpm_databases(const FileView& view) {
    std::vector<RpmDatabase> databases;
    for (const std::string_view folder : kFolders) {
        auto database = find_in_folder(view, folder);
        const auto is_same = [&](const RpmDatabase& other) {
            return other.file.node == database->file.node;
        };
        if (database && std::ranges::none_of(databases, is_same)) {
            databases.push_back(std::move(*database));
        }
    }
    return databases;
}

Status for_each_rpm(const FileView& view,
                    const RpmDatabase& database,
                    std::vector<Unknown>& unknowns,
                    const RpmPackageSink& visit) {
    const auto report = [&](std::string reason) {
        unknowns.push_back({database.file.path, std::move(reason)});
    };
    std::size_t bad_headers = 0;
    std::string first_flaw;
    bool stopped = false;
    const auto look = [&](ByteView bytes) -> Status {
        const auto header = RpmHeader::parse(bytes);
        const RpmRecord record = header ? record_of(*header) : RpmRecord{};
        if (record.name.empty()) {
            first_flaw = ++bad_headers > 1 ? first_flaw
                         : header          ? std::string("a header has no name")
                                           : header.error().message;
            return ok();
        }
        if (is_public_key(record)) {
            return ok();
        }
        Status status = visit(*header, record);
        stopped = !status;
        return status;
    };
    Status status = read_headers(view, database, look);
    if (!status && (stopped || is_of_this_machine(status.error()))) {
        return status;
    }
    if (!status) {
        report("packages may be missing: " + status.error().message);
    }
    if (bad_headers > 0) {
        report(std::to_string(bad_headers) + " of its packages cannot be read: " + first_flaw);
    }
    if (database.has_journal) {
        report("packages may be missing: beside it is the journal of an unfinished transaction");
    }
    return ok();
}

} // namespace bulla::sbom
