// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/manifest/descriptor.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace bulla::cli::oci {

/// The annotation that holds a file's name (image-spec annotations.md).
inline constexpr std::string_view kTitleAnnotation = "org.opencontainers.image.title";

/// A file to be attached, as a command line names it.
struct FileArgument {
    std::string path;
    std::string media_type;
    std::string title; ///< the name without folders
};

/// Reads FILE or FILE:MEDIATYPE. What follows the last colon is a media type if it has the form of
/// one ("text/plain"), else part of the name. A name that ends in a slash, or that no reader could
/// write as a file ("..", "."), is a usage error.
Result<FileArgument> parse_file_argument(std::string_view text);

/// The same for all of them; two of one title are a usage error: one would overwrite the other
/// wherever they are unpacked.
Result<std::vector<FileArgument>> parse_file_arguments(const std::vector<std::string>& texts);

/// Reads a file once to describe it, with its title as annotation. It may be of any size; what
/// cannot be read a second time, or is a folder, is malformed.
Result<bulla::oci::Descriptor> describe_file(const FileArgument& file);

} // namespace bulla::cli::oci
