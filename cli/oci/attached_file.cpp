// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/attached_file.hpp"

#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "base/io/file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

namespace bulla::cli::oci {

namespace {

constexpr std::string_view kDefaultType = "application/octet-stream";
constexpr std::size_t kBlock = 256 * 1024;

} // namespace

Result<FileArgument> parse_file_argument(std::string_view text) {
    FileArgument out{
        .path = std::string(text), .media_type = std::string(kDefaultType), .title = {}};
    const auto colon = text.rfind(':');
    if (colon != std::string_view::npos && colon > 0 &&
        bulla::oci::media_type::is_valid(text.substr(colon + 1))) {
        out.path = std::string(text.substr(0, colon));
        out.media_type = std::string(text.substr(colon + 1));
    }
    const auto slash = out.path.rfind('/');
    out.title = slash == std::string::npos ? out.path : out.path.substr(slash + 1);
    if (out.title.empty() || out.title == "." || out.title == "..") {
        return Error{ErrorCode::usage, "\"" + text::printable(text) + "\" does not name a file"};
    }
    return out;
}

Result<std::vector<FileArgument>> parse_file_arguments(const std::vector<std::string>& texts) {
    std::vector<FileArgument> out;
    for (const std::string& text : texts) {
        BULLA_TRY_ASSIGN(auto file, parse_file_argument(text));
        if (std::ranges::any_of(out,
                                [&](const auto& other) { return other.title == file.title; })) {
            return Error{ErrorCode::usage,
                         "two files are named \"" + text::printable(file.title) +
                             "\", and only one could be unpacked"};
        }
        out.push_back(std::move(file));
    }
    return out;
}

Result<bulla::oci::Descriptor> describe_file(const FileArgument& file) {
    BULLA_TRY_ASSIGN(FileDescriptor fd, open_file(file.path));
    struct stat info{};
    if (::fstat(fd.value(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return Error{ErrorCode::malformed,
                     "expected a regular file, which can be read twice: \"" +
                         text::printable(file.path) + "\""}
            .at(file.path);
    }
    FileReader reader(std::move(fd), file.path);
    crypto::Hasher hasher(HashAlgorithm::sha256);
    std::uint64_t size = 0;
    std::vector<char> block(kBlock);
    while (true) {
        BULLA_TRY_ASSIGN(const std::size_t count, reader.read(block));
        if (count == 0) {
            break;
        }
        hasher.update(ByteView(block.data(), count));
        size += count;
    }
    bulla::oci::Descriptor out{file.media_type, hasher.finish_digest(), size};
    out.annotations[std::string(kTitleAnnotation)] = file.title;
    return out;
}

} // namespace bulla::cli::oci
