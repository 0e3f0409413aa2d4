// SPDX-License-Identifier: Apache-2.0
#include "oci/store/login_file.hpp"

#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "oci/store/credential_edit.hpp"
#include "oci/store/credential_file.hpp"
#include "oci/store/credential_helper.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace bulla::oci {

namespace {

namespace fs = std::filesystem;

Error cannot(std::string_view what, const std::string& path, int number) {
    return Error{ErrorCode::io,
                 "cannot " + std::string(what) + " \"" + text::printable(path) +
                     "\": " + std::strerror(number)}
        .at(path);
}

std::string shown(const std::string& path) {
    return "\"" + text::printable(path) + "\"";
}

/// The file that a symbolic link stands for, which need not exist: people keep their configuration
/// elsewhere, and replacing the link would part the two.
Result<std::string> follow_links(std::string path) {
    for (std::size_t hops = 0; hops <= limits::kSymlinkHops; ++hops) {
        std::error_code problem;
        const fs::path target = fs::read_symlink(path, problem);
        if (problem) { // not a link, or nothing there
            return path;
        }
        path = target.is_absolute() ? target.string()
                                    : (fs::path(path).parent_path() / target).string();
    }
    return cannot("follow the links of", path, ELOOP);
}

std::string folder_of(const std::string& path) {
    const std::string folder = fs::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

/// Makes the folder and what is missing above it, for the owner alone.
Status make_folder(const fs::path& folder) {
    std::error_code ignored; // what cannot be looked at cannot be made, and that is told
    if (folder.empty() || fs::is_directory(folder, ignored)) {
        return ok();
    }
    BULLA_TRY(make_folder(folder.parent_path()));
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return cannot("make the folder", folder.string(), errno);
    }
    return ok();
}

/// Held while the file is read, changed and replaced. The folder is locked, because the file is
/// another one afterwards, and a file made for locking would stay.
Result<FileDescriptor> lock_folder(const std::string& folder) {
    FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.is_open()) {
        return cannot("open the folder", folder, errno);
    }
    while (::flock(fd.value(), LOCK_EX) != 0) {
        if (errno != EINTR) {
            return cannot("lock the folder", folder, errno);
        }
    }
    return fd;
}

/// The configuration; nothing if there is no file.
Result<std::optional<Bytes>> read_config(const std::string& path) {
    auto json = read_file(path, limits::kCredentialBytes);
    if (json) {
        return std::optional<Bytes>(std::move(*json));
    }
    if (json.error().code == ErrorCode::not_found) {
        return std::optional<Bytes>();
    }
    Error error = std::move(json.error());
    error.code = ErrorCode::configuration;
    return error;
}

Status replace_config(const std::string& path, ByteView json) {
    struct stat before{};
    const bool exists = ::stat(path.c_str(), &before) == 0;
    BULLA_TRY_ASSIGN(AtomicFile file, AtomicFile::create(path, Durability::synced, 0600));
    struct stat now{};
    if (exists && ::fstat(file.descriptor(), &now) == 0 && now.st_uid != before.st_uid &&
        ::fchown(file.descriptor(), before.st_uid, before.st_gid) != 0) {
        return cannot("keep the owner of", path, errno);
    }
    BULLA_TRY(file.write(json));
    return file.commit();
}

/// The helper that the configuration names for the registry, "" for none.
Result<std::string>
find_helper(const std::optional<Bytes>& json, std::string_view registry, std::string_view what) {
    if (!json || text::trim(*json).empty()) {
        return std::string();
    }
    return find_helper_in_config(*json, registry, what);
}

std::string program_of(const std::string& helper) {
    return helper.empty() ? helper : "docker-credential-" + helper;
}

Error configuration(Error error) {
    error.code = ErrorCode::configuration;
    return error;
}

} // namespace

Result<LoginPlace>
store_login(const std::string& path, std::string_view registry, const Login& login) {
    BULLA_TRY_ASSIGN(const std::string file, follow_links(path));
    const std::string what = shown(file);
    BULLA_TRY(make_folder(folder_of(file)));
    BULLA_TRY_ASSIGN(const FileDescriptor lock, lock_folder(folder_of(file)));
    BULLA_TRY_ASSIGN(const auto json, read_config(file));
    BULLA_TRY_ASSIGN(const std::string helper, find_helper(json, registry, what));
    const auto kind = helper.empty() ? EntryKind::with_secret : EntryKind::in_helper;
    const std::string secret = login.username + ":" + std::string(login.password.reveal_secret());
    // Made before the helper is asked: what cannot be written down is not stored either.
    BULLA_TRY_ASSIGN(const Bytes next,
                     set_credential_entry(json.value_or(Bytes()), registry, kind, secret, what));
    if (!helper.empty()) {
        if (auto stored = store_with_helper(helper, server_of(registry), login); !stored) {
            return configuration(std::move(stored.error()));
        }
    }
    if (!json || next != *json) {
        BULLA_TRY(replace_config(file, next));
    }
    return LoginPlace{file, program_of(helper)};
}

Result<LoginPlace> erase_login(const std::string& path, std::string_view registry) {
    BULLA_TRY_ASSIGN(const std::string file, follow_links(path));
    LoginPlace place{file};
    std::error_code ignored; // a folder that cannot be looked at cannot be locked, which is told
    if (!fs::exists(folder_of(file), ignored)) {
        return place;
    }
    BULLA_TRY_ASSIGN(const FileDescriptor lock, lock_folder(folder_of(file)));
    BULLA_TRY_ASSIGN(const auto json, read_config(file));
    if (!json) {
        return place;
    }
    BULLA_TRY_ASSIGN(const std::string helper, find_helper(json, registry, shown(file)));
    BULLA_TRY_ASSIGN(const auto without, remove_credential_entry(*json, registry, shown(file)));
    place.helper = program_of(helper);
    place.had_entry = without.found;
    if (!helper.empty()) {
        const std::string server = server_of(registry);
        auto known = run_credential_helper(helper, server);
        if (!known) {
            return configuration(std::move(known.error()));
        }
        place.had_entry = place.had_entry || known->has_value();
        if (auto erased = erase_with_helper(helper, server); !erased) {
            return configuration(std::move(erased.error()));
        }
    }
    if (without.found) {
        BULLA_TRY(replace_config(file, without.json));
    }
    return place;
}

} // namespace bulla::oci
