rule program_in_picture
{
    meta:
        id = "program-in-picture"
        title = "A program for Windows is in a picture, a sound or a document"
        score = 500
        attack = "T1027.009"
    strings:
        $stub = "This program cannot be run in DOS mode"
    condition:
        $stub and
        (
            uint32be(0) & 0xffffff00 == 0xffd8ff00 or // JPEG
            uint32be(0) == 0x89504e47 or // PNG
            uint32be(0) == 0x47494638 or // GIF
            uint32be(0) == 0x25504446 or // PDF
            uint32be(0) == 0x7b5c7274 or // RTF
            uint32be(0) == 0x49443303 or uint32be(0) == 0x49443304 or // ID3
            (uint32be(0) == 0x52494646 and uint32be(8) == 0x57454250) // WebP
        )
}

rule program_in_base64
{
    meta:
        id = "program-in-base64"
        title = "A program for Windows is encoded in it"
        score = 400
        attack = "T1027.009"
    strings:
        $stub = "This program cannot be run in DOS mode" base64 base64wide
        // The same in hexadecimal; the brackets keep this text from fitting itself.
        $hex = /54686973(20)70726f6772616d(20)63616e6e6f74(20)6265(20)72756e(20)696e(20)444f53(20)6d6f6465/ nocase
        // Attachments of mails are encoded as well, and are looked at by themselves.
        $mail = /(^|\n)(MIME-Version|Content-Transfer-Encoding):/ nocase
    condition:
        ($stub or $hex) and not $mail
}

rule program_xored
{
    meta:
        id = "program-xored"
        title = "A program for Windows is hidden in it behind a key of one byte"
        score = 400
        attack = "T1027.013"
    strings:
        $stub = "This program cannot be run in DOS mode" xor(0x01-0xff)
    condition:
        $stub
}

rule shellcode_block_api
{
    meta:
        id = "shellcode-block-api"
        title = "Machine code that looks for functions of Windows by hashes of their names"
        score = 700
        attack = "T1055"
    strings:
        // How the stagers of Metasploit and Cobalt Strike begin.
        $x86 = { fc e8 (82 | 89 | 8f) 00 00 00 60 89 e5 31 (c0 | d2) 64 8b }
        $x64 = { fc 48 83 e4 f0 e8 (c0 | c8 | cc) 00 00 00 41 51 41 50 52 }
    condition:
        any of them
}

rule credential_dumper
{
    meta:
        id = "credential-dumper"
        title = "A program that reads passwords out of the memory of Windows"
        score = 800
        attack = "T1003.001"
    strings:
        $command = "sekurlsa::logonpasswords" nocase ascii wide
        $module = "kuhl_m_sekurlsa" ascii wide
        $author = "gentilkiwi" ascii wide
    condition:
        uint16(0) == 0x5a4d and 2 of them
}

rule coin_miner
{
    meta:
        id = "coin-miner"
        title = "A program or script that mines coins for an address"
        score = 400
        attack = "T1496"
    strings:
        $pool = /stratum\+(tcp|ssl|tls):\/\/[\w.-]{4,100}:\d{2,5}/
        $xmrig = "xmrig" nocase
        $donate = "donate-level" nocase
        $algorithm = /\b(randomx|cryptonight)\b/ nocase
    condition:
        $pool and any of ($xmrig, $donate, $algorithm)
}
