rule encoded_powershell
{
    meta:
        id = "encoded-powershell"
        title = "A command line gives PowerShell an encoded command"
        score = 400
        attack = "T1027.010"
    strings:
        // Letters of two bytes in base64: every eighth character is an A, and so on.
        $narrow = /\b(powershell|pwsh)(\.exe)?["']?\s[^\r\n]{0,300}[\s"'][-\/]e(nc?|nco|ncod|ncode|ncoded|ncodedc[a-z]{0,6}|c)?\s{1,10}["']?([A-Z0-9+\/][AQGW][AB][A-Z0-9+\/]A[A-P][A-Z0-9+\/]A){3}/ nocase ascii
        $wide = /\b(powershell|pwsh)(\.exe)?["']?\s[^\r\n]{0,300}[\s"'][-\/]e(nc?|nco|ncod|ncode|ncoded|ncodedc[a-z]{0,6}|c)?\s{1,10}["']?([A-Z0-9+\/][AQGW][AB][A-Z0-9+\/]A[A-P][A-Z0-9+\/]A){3}/ nocase wide
    condition:
        any of them
}

rule powershell_cradle
{
    meta:
        id = "powershell-cradle"
        title = "A command line makes PowerShell fetch something and run it"
        score = 400
        attack = "T1059.001"
    strings:
        $narrow = /\b(powershell|pwsh)(\.exe)?["']?\s[^\r\n]{0,300}\b(iex|invoke-expression)\b[^\r\n]{0,200}\b(downloadstring|downloaddata|invoke-webrequest|invoke-restmethod|iwr|irm)\b/ nocase ascii wide
        $turned = /\b(powershell|pwsh)(\.exe)?["']?\s[^\r\n]{0,300}\b(downloadstring|downloaddata|invoke-webrequest|invoke-restmethod|iwr|irm)\b[^\r\n]{0,200}\b(iex|invoke-expression)\b/ nocase ascii wide
    condition:
        any of them and (uint16(0) == 0x5a4d or uint32be(0) == 0xd0cf11e0 or uint32be(0) == 0x4c000000 or filesize < 8KB)
}
