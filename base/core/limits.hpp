// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound on foreign input, each with its reason. A parser that meets one of these answers
/// ErrorCode::limit_exceeded and names the limit.
namespace bulla::limits {

inline constexpr std::uint64_t kKiB = 1024;
inline constexpr std::uint64_t kMiB = 1024 * kKiB;
inline constexpr std::uint64_t kGiB = 1024 * kMiB;

/// Part of the key of every cached result: raise it with any change below that alters what is
/// accepted or kept.
inline constexpr std::uint32_t kVersion = 1;

// ---- documents

/// Registries refuse larger manifests and indexes (distribution-spec asks for at least 4 MiB), so
/// none is real.
inline constexpr std::uint64_t kManifestBytes = 4 * kMiB;
/// Image configurations carry history; the largest seen are some 100 KiB.
inline constexpr std::uint64_t kConfigBytes = 8 * kMiB;
/// Tokens are a few KiB; 128 KiB is what other clients allow.
inline constexpr std::uint64_t kTokenBytes = 128 * kKiB;
/// An error body is shown to a person, one line of it.
inline constexpr std::uint64_t kErrorBodyBytes = 64 * kKiB;
/// A credential file or the output of a credential helper.
inline constexpr std::uint64_t kCredentialBytes = 1 * kMiB;
/// Attestations and bundles; the default of cosign's COSIGN_MAX_ATTACHMENT_SIZE (CVE-2024-29902).
inline constexpr std::uint64_t kAttachmentBytes = 128 * kMiB;
/// All pages of one referrers listing together.
inline constexpr std::uint64_t kReferrersBytes = 64 * kMiB;
inline constexpr std::size_t kReferrersPages = 256;
/// Pages of one list of tags; registries send 100 to 1000 tags on each.
inline constexpr std::size_t kTagPages = 10'000;
/// Tags of one repository; the busiest public repositories have some 100,000.
inline constexpr std::size_t kTags = 1'000'000;
/// Signatures or attestations examined on one image (CVE-2023-46737: endless attachments).
inline constexpr std::size_t kAttachments = 1000;
/// Keys, certificates and their encrypted envelopes.
inline constexpr std::uint64_t kKeyFileBytes = 64 * kKiB;
/// A file signed as a blob is hashed from memory; larger artifacts belong into a registry.
inline constexpr std::uint64_t kBlobBytes = 4 * kGiB;
/// Nesting of JSON: real documents stay below 20.
inline constexpr std::size_t kJsonDepth = 64;
/// Values in one JSON document: keeps a 128 MiB text of "[[],[],..." from becoming gigabytes of
/// tree.
inline constexpr std::size_t kJsonValues = 4'000'000;
/// What another program of ours reports, and what it says besides.
inline constexpr std::uint64_t kReportBytes = 1 * kMiB;
/// Certificates of authorities in one file: the usual bundle has some 200 KiB.
inline constexpr std::uint64_t kTrustFileBytes = 16 * kMiB;
/// A file of settings, written by hand: a few lines for each command.
inline constexpr std::uint64_t kSettingsBytes = 64 * kKiB;
/// Nesting of arrays and inline tables in TOML: settings have one level.
inline constexpr std::size_t kTomlDepth = 16;
/// Dots on one line of TOML bound how deep its tables nest: a command's table has one or two.
inline constexpr std::size_t kTomlDotsPerLine = 64;
/// in-toto subjects and digests per subject (CVE-2024-45395).
inline constexpr std::size_t kSubjects = 1024;
inline constexpr std::size_t kSubjectDigests = 32;
/// Transparency log entries and timestamps in one bundle (CVE-2024-45395).
inline constexpr std::size_t kLogEntries = 32;
inline constexpr std::size_t kTimestamps = 32;
/// Hashes of one inclusion proof: a log of 2^63 entries needs no more.
inline constexpr std::size_t kProofHashes = 64;
/// Certificates in one bundle: a leaf and its intermediates.
inline constexpr std::size_t kChainCertificates = 16;

// ---- images

inline constexpr std::size_t kLayers = 1024;
inline constexpr std::size_t kIndexEntries = 10'000;
/// An index in an index in an index is legal; deeper is a loop or an attack.
inline constexpr std::size_t kIndexDepth = 4;

/// Members of an image archive: `docker save` of a thousand images of forty layers has some
/// 160,000.
inline constexpr std::size_t kArchiveMembers = 200'000;
/// An archive that is compressed or comes through a pipe is kept in a temporary file; as much as
/// the largest layer. Larger ones can be named as files, which are read in place.
inline constexpr std::uint64_t kSpooledBytes = 64 * kGiB;

// ---- layers

/// The uncompressed size of one layer; the largest real layers (CUDA, model weights) are below 20
/// GiB.
inline constexpr std::uint64_t kLayerBytes = 64 * kGiB;
/// Deflate cannot exceed 1032:1, real layers stay below 30:1; checked once kLayerRatioFrom is
/// inflated, because small layers of zeros are honest.
inline constexpr std::uint64_t kLayerRatio = 1000;
inline constexpr std::uint64_t kLayerRatioFrom = 100 * kMiB;
inline constexpr std::uint64_t kLayerEntries = 10'000'000;
/// Linux PATH_MAX.
inline constexpr std::size_t kPathBytes = 4096;
/// A pax or GNU extended header; the limit of Go's archive/tar, which container runtimes unpack
/// with.
inline constexpr std::uint64_t kTarMetaBytes = 1 * kMiB;
/// The holes of sparse files that are kept, per layer: they cost the writer of a layer nothing.
/// Sparse package metadata does not occur; a database whose file has holes may.
inline constexpr std::uint64_t kSparseHoleBytes = 64 * kMiB;
/// zstd window log 27 = 128 MiB is the format's default upper bound; 23 = 8 MiB is what registries'
/// writers use.
inline constexpr int kZstdWindowLog = 27;
/// Folders in folders of a tree on disk; each costs an open descriptor while what is in it is read,
/// of which a process has 1024 by default.
inline constexpr std::size_t kDirectoryDepth = 256;
/// Linux ELOOP.
inline constexpr std::size_t kSymlinkHops = 40;

// ---- retained content

/// A metadata file kept whole for a cataloger (package.json, METADATA, copyright).
inline constexpr std::uint64_t kKeptFileBytes = 16 * kMiB;
/// A package database kept whole (a dpkg status file of 100,000 packages has some 100 MiB).
inline constexpr std::uint64_t kPackageDatabaseBytes = 512 * kMiB;
/// What a scanner may say of one file: a jar of jars with some thousand modules has some MiB.
inline constexpr std::uint64_t kScanFactsBytes = 64 * kMiB;
/// Everything kept of one layer.
inline constexpr std::uint64_t kKeptLayerBytes = 4 * kGiB;
/// Of which in memory; the rest goes to an unlinked temporary file.
inline constexpr std::uint64_t kKeptInMemoryBytes = 4 * kMiB;

// ---- archives in layers (jars)

/// Entries of one zip: the largest real jars (a whole cloud SDK in one) have some 400,000. Each
/// costs 16 bytes while the directory is read.
inline constexpr std::size_t kZipEntries = 1'000'000;
/// What an entry inflates to beside what it is stored as, checked once kZipRatioFrom is inflated:
/// text stays below 20:1, deflate cannot exceed 1032:1.
inline constexpr std::uint64_t kZipRatio = 100;
inline constexpr std::uint64_t kZipRatioFrom = 1 * kMiB;
/// Archives in archives: an enterprise application holds a web application that holds a library
/// that holds an agent's jar. Real ones end there, at four; eight is deeper than any.
inline constexpr std::size_t kArchiveDepth = 8;
/// Archives in one file, itself included: the largest applications have some 2,000 libraries.
inline constexpr std::size_t kNestedArchives = 20'000;
/// Entries of all archives in one file together, so that many nested directories cost no more time
/// than one large one would.
inline constexpr std::size_t kNestedEntries = 4'000'000;
/// Everything inflated out of one file: archives in it that are not merely stored, and metadata.
inline constexpr std::uint64_t kArchiveInflatedBytes = 2 * kGiB;
/// An archive file as it stands in a layer: the largest real jars (a whole cloud SDK) have some 700
/// MiB. A larger one is not spilled to disk but reported.
inline constexpr std::uint64_t kArchiveFileBytes = 4 * kGiB;
/// All names and values said about one archive file, before they are encoded: real modules take 1
/// KiB each.
inline constexpr std::size_t kArchiveFactsBytes = 8 * kMiB;
/// How much of an archive is held in memory; the rest of a larger one lies in an unlinked temporary
/// file.
inline constexpr std::size_t kArchiveInMemoryBytes = 4 * kMiB;
inline constexpr std::size_t kNestedArchiveInMemoryBytes = 1 * kMiB;
/// The main section of a jar's manifest; generated OSGi headers reach some 100 KiB. Of the sections
/// after it (digests of a signed jar) only the first so many bytes are looked at.
inline constexpr std::size_t kJarManifestBytes = 1 * kMiB;
inline constexpr std::size_t kJarSectionsBytes = 64 * kKiB;
/// Maven's pom.properties: three lines and a comment.
inline constexpr std::size_t kPomPropertiesBytes = 64 * kKiB;
/// A POM inside of a jar; the largest seen have some 200 KiB. Its tree takes up to twenty times as
/// much.
inline constexpr std::size_t kPomBytes = 1 * kMiB;
/// Modules that one jar says it is made of: a distribution in one jar has some 300.
inline constexpr std::size_t kJarModules = 5'000;
/// Parts of one archive file that could not be read and are listed one by one.
inline constexpr std::size_t kArchiveProblems = 100;

// ---- packages

/// A package URL; the longest real ones carry a repository URL and a checksum.
inline constexpr std::size_t kPackageUrlBytes = 8 * kKiB;
/// A licence expression; the longest real ones join some dozens of identifiers.
inline constexpr std::size_t kLicenseExpressionBytes = 8 * kKiB;
/// Nesting of parentheses in a licence expression: real ones have two or three.
inline constexpr std::size_t kLicenseExpressionDepth = 32;
/// Licences declared by one package: a browser's copyright file names some hundred.
inline constexpr std::size_t kLicensesPerPackage = 256;
/// A copyright file; a browser's has about 2 MiB.
inline constexpr std::uint64_t kCopyrightBytes = 4 * kMiB;
/// Packages that one cataloger reports: all of Debian has some 100,000. Beyond it the run fails,
/// because a list that was cut short would be taken for complete.
inline constexpr std::size_t kPackages = 500'000;
/// Fields in one stanza of a control file or one METADATA: the largest real ones have some 2,000
/// (extras of a big Python project).
inline constexpr std::size_t kControlFields = 20'000;
/// Dependencies, provided names and the like of one package; a big Python project has 2,000.
inline constexpr std::size_t kDependencyNames = 5'000;
/// Edges that one cataloger reports; some ten per package are usual.
inline constexpr std::size_t kRelationships = 2'000'000;
/// The header of one installed rpm: name, texts and file lists. A kernel's and the largest TeX
/// packages' have some 10 MiB; rpm itself stops at 256 MiB.
inline constexpr std::uint64_t kRpmHeaderBytes = 64 * kMiB;
/// Entries in the index of such a header: rpm's own bound. Real ones have about 100.
inline constexpr std::size_t kRpmHeaderEntries = 0xFFFF;
/// Items of one array in it: the packages with most files have some 200,000.
inline constexpr std::size_t kRpmArrayItems = 1'000'000;
/// Depth of a b-tree in an SQLite file: SQLite's own bound. Two children a page would already make
/// a million pages of it.
inline constexpr std::size_t kBtreeDepth = 20;
/// One-line fields that are copied into documents (names, versions, summaries).
inline constexpr std::size_t kPackageFieldBytes = 4 * kKiB;

// ---- executables

/// Program headers of one ELF file; real ones have about ten.
inline constexpr std::size_t kElfSegments = 1024;
/// Section headers of one linked ELF file; real ones have some dozens, kernels some hundred.
inline constexpr std::size_t kElfSections = 100'000;
/// An executable that is copied for a second look; the small code model ends at 2 GiB.
inline constexpr std::uint64_t kExecutableBytes = 4 * kGiB;
/// The module list inside one Go program: 250 modules have 24 KiB.
inline constexpr std::uint64_t kGoBuildInfoBytes = 4 * kMiB;
/// Modules in that list; a Kubernetes component has some 300.
inline constexpr std::size_t kGoModules = 50'000;
/// The list of crates inside one Rust program, packed and inflated: 1000 crates have some 150 KiB.
inline constexpr std::uint64_t kRustAuditBytes = 4 * kMiB;
/// JSON values in that list; 1000 crates have some 20,000.
inline constexpr std::size_t kRustAuditValues = 500'000;

// ---- network

inline constexpr std::chrono::seconds kConnectTimeout{10};
/// From the sending of a request without a body to the end of the answer's head. Registries answer
/// within a second or two, and what stands in front of them gives up on them after 30 seconds at
/// the earliest and says so with status 504; who says nothing for this long is not there.
inline constexpr std::chrono::seconds kAnswerTime{20};
/// A request that met silence is sent again only if less than this has passed since it was sent
/// first: two times kAnswerTime, three times kConnectTimeout, and never minutes.
inline constexpr std::chrono::seconds kSilenceTime{30};
/// People ask themselves after some five seconds whether anything happens at all.
inline constexpr std::chrono::seconds kSilenceNotice{5};
/// A whole small request. Blobs have no total time, only a lowest speed.
inline constexpr std::chrono::seconds kRequestTimeout{60};
/// An answer slower than this for that long is broken: no real line is, and a paused one is not
/// counted.
inline constexpr std::uint64_t kLowestBytesPerSecond = 1 * kKiB;
inline constexpr std::chrono::seconds kStallTime{30};
/// The same for what is uploaded, the answer to it included: registries hash and move a large blob
/// before they answer.
inline constexpr std::chrono::seconds kUploadStallTime{60};
/// A download that broke is taken up again only if it made progress within this time: a line that
/// went dead gets one more chance after kStallTime, and no third.
inline constexpr std::chrono::seconds kResumeTime{45};
/// What counts as progress: who sends a byte a second would otherwise be asked again for ever.
inline constexpr std::uint64_t kResumeBytes = 64 * kKiB;
/// A longer Retry-After is reported instead of waited for.
inline constexpr std::chrono::seconds kRetryAfter{60};
inline constexpr int kRetries = 4;
inline constexpr int kRedirects = 5;
/// A response's header block (CVE-2023-38039: headers without end).
inline constexpr std::uint64_t kHeaderBytes = 64 * kKiB;
inline constexpr std::size_t kHeaderCount = 200;
/// Cloud credential helpers may take long to find out that there is no metadata service.
inline constexpr std::chrono::seconds kCredentialHelperTimeout{60};

} // namespace bulla::limits
